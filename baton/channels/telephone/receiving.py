"""What any telephone system tells, and its recordings."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.utils.translation import gettext as _

from baton.capture.channels import Answer, Call, Fetched
from baton.capture.models import Connection, Fetching
from baton.channels.downloads import download
from baton.channels.lines import Told, keep
from baton.channels.telephone.signatures import is_signed
from baton.kernel.texts import writable_in
from baton.kernel.verdict import Refusal
from baton.members.models import Member


def called(connection: Connection, call: Call, at: datetime) -> Answer:
    """Take one event. Raises `Refusal` where the signature doesn't hold or is older than 300 seconds."""
    secret = connection.secret.opened()["secret"] if connection.secret else ""
    if call.method != "POST" or not is_signed(call.headers.get("x-baton-signature", ""), call.body, secret, at):
        raise Refusal(_("The signature doesn’t hold."))
    key, member = _named(call.body)
    keep(connection, [Told(f"{connection.pk}:{key}", call.body, member)], at)
    return Answer(200, "kept")


def _named(body: bytes) -> tuple[str, Member | None]:
    """Return the event's own id, and the member it names by mail address. What can't be read is kept all the same."""
    digest = hashlib.sha256(body).hexdigest()
    try:
        told = writable_in(json.loads(body))
        key = f"{told['event']}:{told['id']}"
        who = str(told.get("member") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return digest, None
    return key, Member.objects.filter(email__iexact=who, is_active=True).first() if who else None


def fetch(fetching: Fetching, at: datetime) -> Fetched:
    """Fetch a recording from where the telephone system says that it lies. No credentials are sent along."""
    return download(fetching.where["url"])
