"""Keeping what a form asked for: at once, or once its owner came back from signing in at the other side.

What was typed is carried in the session meanwhile, sealed; coming back with another state than was sent is refused.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baton.capture import connections
from baton.capture.channels import Errand, Line, line_of
from baton.capture.models import Connection
from baton.kernel.clock import now
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.channels.forms import parts_of
from baton.web.members.origin import absolute

OWN, SHARED = "own", "shared"
CARRIED = "connection-errand"


@dataclass(slots=True)
class Asked:
    """A connection as it was asked for; `changes` is the one that gets other settings."""

    channel: str
    whose: str
    name: str
    settings: dict[str, Any]
    desk: str = ""
    changes: str = ""
    secret: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, form: Form, channel: str, whose: str, changes: str = "") -> Asked:
        """Take it from a valid form; a field `desk` says where it belongs."""
        name, settings, secret = parts_of(form)
        desk = str(settings.pop("desk", "") or "")
        return cls(channel, whose, name, settings, desk, changes, secret)


def keep(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Try it, and keep it once it works."""
    member = request.user
    assert isinstance(member, Member)
    if asked.changes:
        one = Connection.objects.visible_to(member).select_related("member").get(pk=asked.changes)
        connections.change(one, asked.name, asked.settings, asked.secret, by=member, at=now(), desk=asked.desk)
    else:
        of = member if asked.whose == OWN else None
        one = connections.make(
            asked.channel, asked.name, asked.settings, asked.secret, by=member, at=now(), of=of, desk=asked.desk
        )
    messages.add_message(request, messages.INFO, _("%(name)s is connected.") % {"name": one}, extra_tags="hand")
    return redirect("connection", pk=one.pk)


def send_elsewhere(request: HttpRequest, line: Line, asked: Asked) -> HttpResponse | None:
    """Show the link to the page where the owner signs in first; None where they needn't."""
    if line.errand is None:
        return None
    asked.secret = _whole_secret(request, asked)
    errand = line.errand(asked.settings, asked.secret, absolute(request, reverse("connection-signed-in")))
    if errand is None:
        return None
    told = {"asked": json.dumps(asdict(asked)), "errand": json.dumps(asdict(errand))}
    request.session[CARRIED] = Sealed.of(told).carried()
    return render(request, "baton/channels/elsewhere.html", {"line": line, "asked": asked, "errand": errand})


def _whole_secret(request: HttpRequest, asked: Asked) -> dict[str, str]:
    """What was typed, and of a connection that is changed what was left empty."""
    if not asked.changes:
        return asked.secret
    one = Connection.objects.visible_to(request.user).get(pk=asked.changes)
    kept = one.secret.opened() if one.secret else {}
    return kept | {name: value for name, value in asked.secret.items() if value}


@require_safe
def connection_signed_in(request: HttpRequest) -> HttpResponse:
    """Take somebody back who signed in at the other side, and keep the connection with what they brought."""
    carried = request.session.pop(CARRIED, "")
    told = Sealed.from_carried(carried).opened() if carried else {}
    errand = Errand(**json.loads(told["errand"])) if told else None
    if errand is None or not secrets.compare_digest(errand.state, request.GET.get("state", "")):
        raise Refusal(_("That isn’t the sign-in that was begun here. Begin again at Channels."))
    asked = Asked(**json.loads(told["asked"]))
    line = line_of(asked.channel)
    assert line is not None
    assert line.returned is not None
    asked.secret = line.returned(asked.settings, asked.secret, errand, request.GET.dict())
    return keep(request, asked)
