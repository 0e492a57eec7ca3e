"""Who sees what comes through connected mailboxes, and what its owner never wants recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.capture import inbox
from baton.capture.models import Connection, Delivery, Silenced
from baton.capture.ourselves import MAILBOX
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member


def sight_of(member: Member) -> dict[str, Any]:
    """Return the mailboxes that this member knows of, each with who sees what it brings; and whom they silenced."""
    rows = Connection.objects.visible_to(member).of(MAILBOX).order_by("name")
    return {
        "mailboxes": [{"name": row.name, "sentence": _sentence(row)} for row in rows],
        "held": Delivery.objects.visible_to(member).held().filter(as_member=member).count(),
        "silenced": Silenced.objects.filter(member=member).order_by("sender").values_list("sender", flat=True),
    }


def _sentence(row: Connection) -> str:
    if row.member_id:
        return _("Yours. What it brings is seen by you alone, until it is filed.")
    desk = current_map().desks.get(row.desk)
    if desk is None:
        return _("The business’s. Until it is filed, nobody sees what it brings: give it a desk.")
    return _("The business’s. Until it is filed, whoever sits at %(desk)s sees what it brings.") % {"desk": desk.name}


@require_POST
def never_recorded(request: HttpRequest) -> HttpResponse:
    """Have somebody never recorded out of one's own mailbox, or (posted with `again`) recorded again."""
    member, sender = request.user, request.POST.get("sender", "")
    assert isinstance(member, Member)
    if request.POST.get("again"):
        inbox.record_again(sender, by=member)
        said = _("%(sender)s is recorded again.")
    else:
        inbox.never_record(sender, by=member, at=now())
        said = _("Nothing more from %(sender)s is recorded.")
    messages.add_message(request, messages.INFO, said % {"sender": sender}, extra_tags="hand")
    return redirect("who_sees_what")
