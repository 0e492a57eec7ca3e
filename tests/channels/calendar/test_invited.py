"""A meeting that was booked here says of each who is asked to it whether they were invited, and why not."""

import pytest

from baton.capture.models import Outgoing
from baton.channels.calendar import booking
from baton.channels.calendar.invited import uninvited
from tests.cast import MINUTE, MONDAY, fresh
from tests.channels.calendar.invitations import arrive, ics, meetings
from tests.channels.calendar.test_booking import VISIT, cast, deal  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def why(meeting):
    return uninvited([fresh(meeting)]).get(meeting.pk)


def test_without_a_mail_server_it_says_so_also_when_there_is_one_later(cast, deal, settings):  # noqa: F811
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "baton.kernel.mailing.CheckedBackend"
    visit = booking.book(deal, VISIT, by=cast.ana, at=MONDAY, key="1")
    settings.EMAIL_BACKEND = backend

    assert why(visit) == "wasn’t invited: no mail server was set up to send with"

    booking.change(fresh(visit), VISIT, by=cast.ana, at=MONDAY + MINUTE)
    assert why(visit) == "the invitation hasn’t gone out yet"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("waiting", "the invitation hasn’t gone out yet"),
        ("sent", None),
        ("failed", "wasn’t invited: Nobody there."),
        ("unsure", "was perhaps invited: Nobody there."),
        ("taken-back", "wasn’t invited: the invitation was taken back"),
    ],
)
def test_it_says_what_became_of_the_invitation(cast, deal, state, said):  # noqa: F811
    visit = booking.book(deal, VISIT, by=cast.ana, at=MONDAY, key="1")

    Outgoing.objects.unscoped("tests").update(state=state, because="Nobody there.")

    assert why(visit) == said


def test_an_invitation_of_somebody_else_says_nothing_of_that(cast, deal):  # noqa: F811
    arrive(cast.ana, ics())
    [theirs] = meetings()

    assert why(theirs) is None
