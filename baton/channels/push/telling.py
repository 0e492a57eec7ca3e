"""What a notification shows and how it can be answered: as little as its reader needs, in their language."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from baton.channels.push.encrypting import MOST_BYTES
from baton.channels.push.models import PushDevice, PushNotice
from baton.work.today import Owed

TODAY = "/today/"
LONGEST = 300


def told(notice: PushNotice, owed: Owed) -> bytes:
    """Return what one device is told of a duty. Where names must not stand on its lock screen, it says only that."""
    device = notice.device
    what: dict[str, Any] = {"title": "Baton", "body": _("Something waits for you."), "actions": []}
    if device.shows:
        named = f"{owed.what} ({owed.deal})" if owed.deal and owed.deal not in owed.what else owed.what
        what = {
            "title": named[:LONGEST],
            "body": f"{owed.because[:LONGEST]} {owed.due}".strip(),
            "actions": answers(owed),
        }
    path = f"/deals/{owed.deal_id}/" if owed.deal_id else TODAY
    return _packed(what | {"tag": notice.key, "url": path, "answer": _answer(notice)})


def summary(device: PushDevice, count: int) -> bytes:
    """Return what a device is told where much came together: how much it is, and no more."""
    body = _("%(count)d things wait for you.") % {"count": count}
    return _packed({"title": "Baton", "body": body, "tag": "today", "url": TODAY, "actions": [], "answer": None})


def answers(owed: Owed) -> list[dict[str, str]]:
    """Return what can be answered: each in words that the letters' parser reads; phones show two of them."""
    by_opener = {
        "question.asked": [_written(_("Answer"))],
        "handoff.offered": [_said("accepted", _("Accept"))],
        "packet.changed": [_said("noted", _("Noted"))],
        "next_step.set": [_said("done", _("Done")), _said("moved to tomorrow", _("Tomorrow"))],
    }
    if owed.opener in by_opener:
        return by_opener[owed.opener]
    if owed.record_kind == "promise":
        return [_said("done", _("Kept"))]
    return [_said("moved to tomorrow", _("Tomorrow"))] if owed.deal_id else []


def _said(words: str, label: str) -> dict[str, str]:
    """A button that says these words."""
    return {"action": words, "title": label, "type": "button"}


def _written(label: str) -> dict[str, str]:
    """A field to write into where the platform has one; elsewhere a button that opens what is asked."""
    return {"action": "", "title": label, "type": "text", "placeholder": label}


def _answer(notice: PushNotice) -> dict[str, str]:
    """Where an answer goes, and with which token: good for this notice and this member, once."""
    return {
        "to": reverse("push-answers"),
        "key": notice.key,
        "token": token_of(notice.key),
        "member": str(notice.device.member_id),
    }


def token_of(key: str) -> str:
    """Return the token of a notice: 160 bits that only this Baton can work out, so that it needn't be kept."""
    return salted_hmac("baton.push", key, algorithm="sha256").hexdigest()[:40]


def _packed(what: dict[str, Any]) -> bytes:
    raw = json.dumps(what, ensure_ascii=False).encode()
    while len(raw) > MOST_BYTES:
        what["body"] = what["body"][: len(what["body"]) // 2]
        raw = json.dumps(what, ensure_ascii=False).encode()
    return raw
