"""All tables of Baton, for Django; each room keeps its own."""

from baton.capture.models import *  # noqa: F403
from baton.channels.calendar.models import *  # noqa: F403
from baton.channels.email.models import *  # noqa: F403
from baton.channels.first_look.models import *  # noqa: F403
from baton.channels.letters.models import *  # noqa: F403
from baton.channels.pocket.models import *  # noqa: F403
from baton.channels.push.models import *  # noqa: F403
from baton.channels.sheets.models import *  # noqa: F403
from baton.decide.commission.models import *  # noqa: F403
from baton.decide.forecast.models import *  # noqa: F403
from baton.decide.models import *  # noqa: F403
from baton.decide.requests.models import *  # noqa: F403
from baton.decide.review.models import *  # noqa: F403
from baton.gate.access.models import *  # noqa: F403
from baton.gate.api.models import *  # noqa: F403
from baton.gate.assistants.models import *  # noqa: F403
from baton.gate.automations.models import *  # noqa: F403
from baton.gate.hooks.models import *  # noqa: F403
from baton.ledger.models import *  # noqa: F403
from baton.map.models import *  # noqa: F403
from baton.members.models import *  # noqa: F403
from baton.mirror.models import *  # noqa: F403
from baton.work.models import *  # noqa: F403
