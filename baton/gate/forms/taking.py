"""Taking what a visitor posted: checked for size and sense, looked at for signs of spam, kept, and read later.

Whatever can be read is kept. Signs of spam only decide whether it opens a deal by itself or waits in Inbox.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db.models import F
from django.utils.translation import gettext as _

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Connection, Delivery
from baton.gate.forms.adapter import FORM
from baton.gate.forms.settings import ASKED, questions_of
from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.writer import writing

CALLER = "capture"
SALT = "website-form"
TRAP = "fax_number"
"""A field that nobody sees and machines fill in."""
QUICKEST = timedelta(seconds=3)
"""Nobody reads a form, fills it in and sends it in less."""
MOST_AN_HOUR = 5
"""Enquiries of one address within an hour, before the next ones wait for a look."""
MOST_LINKS = 3
LONGEST = {"name": 200, "email": 320, "phone": 40, "company": 200, "message": 10_000}
LONGEST_ANSWER, LONGEST_ADDRESS, MOST_CAMPAIGN = 2_000, 1_000, 100
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


@dataclass(slots=True)
class Posted:
    """What was posted, or what is wrong with it (field → sentence). `key` is unique, `suspect` says why it waits."""

    told: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    key: str = ""
    suspect: str = ""


def new_key(form: Connection, at: datetime) -> str:
    """Return what a page carries: when it was shown, signed, and a number of its own, so that it is taken once."""
    return Signer(salt=SALT).sign(f"{form.pk}.{uuid7().hex}.{int(at.timestamp())}")


def posted(form: Connection, fields: Mapping[str, str], at: datetime, *, origin: str, referrer: str = "") -> Posted:
    """Read what was posted to this form. `origin` is the website that it stands on, as the browser says."""
    one = Posted()
    one.errors = _wrong(form, fields)
    words = {name: fields.get(name, "").strip() for name in LONGEST}
    answers = [[label, fields.get(f"q{number}", "").strip()] for number, (label, _must) in _questions(form)]
    one.told = {
        "form": form.name,
        "desk": form.desk,
        **words,
        "answers": [pair for pair in answers if pair[1]],
        "page": fields.get("page", "")[:LONGEST_ADDRESS] or referrer[:LONGEST_ADDRESS],
        "referrer": fields.get("referrer", "")[:LONGEST_ADDRESS],
        "campaign": {name: fields[name][:MOST_CAMPAIGN] for name in CAMPAIGN if fields.get(name, "").strip()},
        "consent": str(form.settings.get("consent", "")) if fields.get("consent") else "",
        "origin": origin,
        "at": stamp(at),
    }
    one.key = _key(form, fields, one.told, at)
    one.suspect = _suspect(form, fields, one.told, at)
    return one


def _questions(form: Connection) -> list[tuple[int, tuple[str, bool]]]:
    return list(enumerate(questions_of(form.settings)))


def _wrong(form: Connection, fields: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not fields.get("name", "").strip():
        wrong["name"] = _("Tell us your name.")
    if not _is_email(fields.get("email", "").strip()):
        wrong["email"] = _("We need your email address to answer.")
    if form.settings.get("consent") and not fields.get("consent"):
        wrong["consent"] = _("Tick this, so that we may answer.")
    for number, (_label, must) in _questions(form):
        if must and not fields.get(f"q{number}", "").strip():
            wrong[f"q{number}"] = _("This has to be answered.")
    limits = LONGEST | {f"q{number}": LONGEST_ANSWER for number, _question in _questions(form)}
    too_long = _("This is too long: up to %(most)d characters.")
    return wrong | {
        name: too_long % {"most": most} for name, most in limits.items() if len(fields.get(name, "")) > most
    }


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST["email"]


def _key(form: Connection, fields: Mapping[str, str], told: Mapping[str, Any], at: datetime) -> str:
    """The same words from the same page are one enquiry; without a page of ours, the same words on the same day."""
    page = _shown(form, fields)
    words = {name: told[name] for name in (*LONGEST, "answers")}
    once = page[0] if page else f"{at:%Y-%m-%d}"
    said = json.dumps([str(form.pk), once, words], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _shown(form: Connection, fields: Mapping[str, str]) -> tuple[str, datetime] | None:
    """Return the number of the page and when it was shown; None where it carries nothing that we signed."""
    try:
        text = Signer(salt=SALT).unsign(fields.get("key", "")[:300])
    except BadSignature:
        return None
    pk, number, moment = text.split(".")
    return (number, datetime.fromtimestamp(int(moment), UTC)) if pk == str(form.pk) else None


def _suspect(form: Connection, fields: Mapping[str, str], told: Mapping[str, Any], at: datetime) -> str:
    """Return the sign of spam that a person should look at first; nothing where there is none."""
    shown = _shown(form, fields)
    if fields.get(TRAP):
        return _("A field was filled in that no person sees.")
    if fields.get("key") and shown is None:
        return _("It came with a page that Baton didn’t make.")
    if shown and at - shown[1] < QUICKEST:
        return _("It was filled in within three seconds.")
    if told["origin"] == "null":
        return _("The browser didn’t say on which website the form stands.")
    if told["message"].lower().count("://") > MOST_LINKS:
        return _("It is full of links.")
    lately = Delivery.objects.unscoped(CALLER).filter(sender=told["email"].lower(), channel=FORM)
    if lately.filter(received_at__gt=at - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        return _("More than five came from this address within an hour.")
    return ""


def keep(form: Connection, one: Posted, at: datetime) -> bool:
    """Keep an enquiry for good and note that the form was heard, in one commit; say whether it is new."""
    evidence = {"by": FORM, "connection": str(form.pk)} | ({"suspect": one.suspect} if one.suspect else {})
    raw = json.dumps(one.told, ensure_ascii=False, sort_keys=True).encode()
    incoming = Incoming(
        FORM, one.key, raw, desk=form.desk, recipient=form.name, sender=one.told["email"], evidence=evidence
    )
    with writing():
        [taken] = ingest_many([incoming], at=at)
        rows = Connection.objects.unscoped(CALLER).filter(pk=form.pk)
        rows.update(heard_at=at, kept=F("kept") + int(taken.new), because="")
    return taken.new


NAMES = ("name", "email", *ASKED)
