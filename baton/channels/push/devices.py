"""The phones and browsers that a member has asked to be told on. Each can be taken off; dead ones go by themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.translation import gettext as _

from baton.channels.push.encrypting import CURVE, unpacked
from baton.channels.push.models import PushDevice
from baton.kernel.connecting import is_named
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member

MOST_DEVICES = 20
LONGEST = 1000


def subscribe(told: str, *, device: str, session_key: str, by: Member, at: datetime) -> PushDevice:
    """Have a browser told. `told` is its `PushSubscription` as JSON. Raises `Refusal` for what is none.

    A browser that asks again, perhaps for another member, is told as that one from now on.
    """
    where, keys = _read(told)
    digest = hashlib.sha256(where.encode()).hexdigest()
    sealed = Sealed.of({"where": where, **keys})
    with writing():
        others = PushDevice.objects.filter(member=by).exclude(where=digest)
        if others.count() >= MOST_DEVICES:
            raise Refusal(_("You are told on %(most)d devices. Take one off first.") % {"most": MOST_DEVICES})
        known = PushDevice.objects.filter(where=digest, member=by).first()
        PushDevice.objects.filter(where=digest).exclude(member=by).delete()
        row = known or PushDevice(member=by, where=digest, made_at=at)
        row.keys, row.device, row.session_key, row.last_error = sealed, device[:60], session_key, ""
        row.save()
    return row


def _read(told: str) -> tuple[str, dict[str, str]]:
    """Return where a browser is told and its keys; refused unless both can be used."""
    try:
        asked: dict[str, Any] = json.loads(told[:5000])
        where, keys = str(asked["endpoint"]), {name: str(asked["keys"][name]) for name in ("p256dh", "auth")}
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unpacked(keys["p256dh"]))
        parts = urlsplit(where)
        named = is_named(parts.hostname or "", parts.port or 443)
        if len(where) > LONGEST or not where.isascii() or not parts.hostname or len(unpacked(keys["auth"])) != 16:
            raise ValueError(where)
        if parts.scheme != "https" and not (named and parts.scheme == "http"):
            raise ValueError(where)
    except (ValueError, KeyError, TypeError) as why:
        raise Refusal(_("This browser gave nothing that it could be told at.")) from why
    return where, keys


def change(pk: UUID, *, by: Member, shows: bool, wants: str) -> None:
    """Set what a device of the member's shows and is told."""
    known = wants if wants in PushDevice.Wants.values else PushDevice.Wants.PRESSING
    PushDevice.objects.filter(pk=pk, member=by).update(shows=shows, wants=known)


def take_off(pk: UUID, *, by: Member) -> None:
    """Tell a device of the member's nothing more, and forget where it was told."""
    with writing():
        PushDevice.objects.filter(pk=pk, member=by).delete()


def is_signed_in(row: PushDevice) -> bool:
    """Whether the session lives in which a device asked: whoever signed out there is told nothing there."""
    return row.member.is_active and import_module(settings.SESSION_ENGINE).SessionStore().exists(row.session_key)


def told_since(people: Collection[UUID]) -> dict[UUID, datetime]:
    """Return since when each of these members is told on a device, those who are told on one."""
    rows = PushDevice.objects.filter(member__in=people).order_by("-made_at")
    return dict(rows.values_list("member", "made_at"))
