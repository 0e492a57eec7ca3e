"""What a program writes becomes entries for `record()`: checked references, only what changed, once for its own key."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.grammar import is_free_mail
from baton.gate.api.operations import Call
from baton.gate.api.paging import key, moment
from baton.gate.api.problems import Problem, not_found, wrong
from baton.gate.api.schemas import plain_fields
from baton.kernel.clock import unstamp
from baton.kernel.verdict import Conflict
from baton.ledger import items
from baton.ledger.entries import PROGRAM, Entry
from baton.ledger.kinds import kind_named
from baton.ledger.models import Company, Contact, Fact
from baton.map.current import current_map
from baton.map.elements import RecordKind
from baton.members.models import Member

MODELS: dict[str, Any] = {"company": Company, "contact": Contact}


def entries_of(kind: RecordKind, record_id: UUID, told: dict[str, Any], call: Call, row: Any = None) -> list[Entry]:
    """Return an entry for each field that is new or another one than is kept. Raises 422 for an unknown reference."""
    about = {"happened_at": happened(told, call.at), "because": told.get("because", "")}
    sent = {name: told[name] for name in plain_fields(kind) if name in told} | told.get("values", {})
    made = []
    for name, value in sent.items():
        value = as_kept(kind, name, value, call, row)
        if row is None and value in (None, "", []):
            continue
        if row is None or value != (row.values.get(name) or {}).get("v"):
            made.append(Entry(kind, record_id, name, value, **about))
    return made


def as_kept(kind: RecordKind, name: str, value: Any, call: Call, row: Any = None) -> Any:
    """Return a value as the ledger keeps it."""
    if name in {"company", "contact"} and name in plain_fields(kind) and value is not None:
        return _known(name, value, call)
    if name == "owner" and value is not None:
        return _colleague(value)
    if name == "emails":
        return list(dict.fromkeys(one.strip().lower() for one in value))
    if name == "phones":
        return list(dict.fromkeys(one.strip() for one in value))
    if name == "domains":
        return [_domain(one) for one in dict.fromkeys(value)]
    if isinstance(value, dict) and "minor" in value:
        return {"minor": value["minor"], "currency": value.get("currency") or current_map().currency}
    if isinstance(value, list):
        return items.typed("\n".join(value), (row.values.get(name) or {}).get("v") if row is not None else None)
    return value.strip() if isinstance(value, str) else value


def _known(kind: str, value: str, call: Call) -> str:
    if not MODELS[kind].objects.visible_to(call.member).filter(pk=value).exists():
        raise wrong(_("There is no such record among those you can see."), f"/{kind}")
    return str(UUID(value))


def _domain(text: str) -> str:
    """Return a domain as it stands in addresses. Raises 422 for one where anybody can have an address."""
    domain = text.strip().lower().rpartition("@")[2].removeprefix("www.")
    if is_free_mail(domain):
        said = _("Anybody can have an address at %(domain)s, so it names no company.")
        raise wrong(said % {"domain": domain}, "/domains")
    return domain


def _colleague(value: str) -> str:
    found = Member.objects.filter(pk=value, is_active=True).first()
    if found is None or not found.may_write:
        raise wrong(_("Nobody who works here and writes has that id."), "/owner")
    return str(found.pk)


def happened(told: dict[str, Any], at: datetime) -> datetime | None:
    """Return when it became so. Raises 422 for what hasn't happened yet."""
    then = unstamp(told["happened_at"]) if told.get("happened_at") else None
    if then and then > at:
        raise wrong(_("That hasn’t happened yet."), "/happened_at")
    return then


def own_key(call: Call, kind: str, told: dict[str, Any]) -> str | None:
    """Return the key under which a program's own id is kept: in its member's hands, whatever the program is called."""
    return f"api:{call.member.pk}:{kind}:{told['key']}" if told.get("key") else None


def made_before(call: Call, kind: str, kept_key: str | None) -> Any:
    """Return the record that was made for this key, None where none was. Raises 409 for one that is gone from sight."""
    fact = Fact.objects.unscoped("ledger.facts").filter(key=kept_key).first() if kept_key else None
    if fact is None:
        return None
    row = kind_named(kind).model.objects.visible_to(call.member).filter(pk=fact.record_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Problem(409, _("What was made for this key is gone from your sight. Use another key."))
    return row


def seen(kind: str, pk: UUID, call: Call) -> Any:
    """Return a record that the member sees. Raises 404."""
    row = kind_named(kind).model.objects.visible_to(call.member).filter(pk=pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise not_found()
    return row


def refuse_older(row: Any, version: int | None) -> None:
    """Raise `Conflict` where somebody recorded something since the program looked."""
    if version is not None and row.version != version:
        said = _("Somebody changed this meanwhile. Read it again, then send what you still want to change.")
        raise Conflict(said, row.version)


@contextmanager
def telling_what_changed(kind: str, pk: UUID, version: int | None, call: Call) -> Generator[None]:
    """Turn a conflict into 409 with what others recorded since the version that the program looked at."""
    try:
        yield
    except Conflict as why:
        facts = Fact.objects.of_seen(call.member, {kind: [pk]}).filter(seq__gt=version or 0).order_by("-seq")[:50]
        more: dict[str, Any] = {"changes": [_change(fact) for fact in facts]}
        more |= {"version": why.version} if why.version is not None else {}
        raise Problem(409, why.sentence, more) from why


def _change(fact: Fact) -> dict[str, Any]:
    return {
        "field": fact.field,
        "value": fact.value,
        "said_by": key(fact.said_by_id),
        "program": program_of(fact.reader),
        "recorded_at": moment(fact.recorded_at),
    }


def program_of(reader: str) -> str:
    """Return the name of the program that recorded a fact for somebody, nothing where a person did."""
    return reader.removeprefix(PROGRAM) if reader.startswith(PROGRAM) else ""
