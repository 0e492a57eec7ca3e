"""The packet of a handoff: what the next desk needs, and how much of it is there, missing, stale or only suggested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel.clock import stamp, unstamp
from baton.ledger.models import Company, Contact, Deal, Fact, File, Interaction, Record
from baton.ledger.trust import State, trust_of
from baton.map.current import current_map
from baton.map.elements import Handoff as HandoffDefinition
from baton.map.elements import PacketItem
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import ExceptionCase, Promise
from baton.work.wording import value_text

Has = Literal["there", "missing", "stale", "suggested"]
KEPT_AS = {"email": "emails", "phone": "phones", "role": "job", "domain": "domains"}
"""Built-in fields of contacts and companies that the ledger keeps under another name."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a packet. `raw` is the value as the ledger keeps it, `value` the same in words.

    `suggestions` are the ids of facts that wait for somebody to confirm them, newest last; `suggested` says the
    newest in words. `age_days` counts from when the value became so.
    """

    key: str
    name: str
    has: Has
    field: str = ""
    value: str = ""
    raw: Any = None
    age_days: int | None = None
    fresh_for: int | None = None
    fact: UUID | None = None
    said_by: UUID | None = None
    interaction: UUID | None = None
    breaks: str = ""
    suggestions: tuple[UUID, ...] = ()
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """What a handoff carries, in the map's order."""

    handoff: HandoffDefinition
    items: tuple[Item, ...]

    @property
    def count_there(self) -> int:
        return sum(item.has == "there" for item in self.items)

    @property
    def missing(self) -> list[Item]:
        """What the receiving desk can't rely on: missing, stale or only suggested."""
        return [item for item in self.items if item.has != "there"]

    @property
    def suggestions(self) -> list[UUID]:
        return [fact for item in self.items for fact in item.suggestions]

    @property
    def sentence(self) -> str:
        return ngettext("%(there)d of %(count)d there", "%(there)d of %(count)d there", len(self.items)) % {
            "there": self.count_there,
            "count": len(self.items),
        }

    def frozen(self) -> list[dict[str, Any]]:
        """Return the items as an offered handoff keeps them."""
        return [_frozen(item) for item in self.items]


def _frozen(item: Item) -> dict[str, Any]:
    kept = {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(item).items()}
    del kept["suggestions"]
    return kept | {"item": kept.pop("key")}


def packet_of(
    deal: Deal,
    handoff: HandoffDefinition,
    *,
    member: Member,
    at: datetime,
    operating_map: OperatingMap | None = None,
) -> Packet:
    """Return what this handoff of this deal would carry at that time, as this member sees it."""
    operating_map = operating_map or current_map()
    wanted = operating_map.packet(handoff)
    records = _records(deal, wanted, member)
    kept = {item.key: _kept(item, records) for item in wanted if item.field}
    suggestions = _suggestions(kept.values(), records, member)
    items = []
    for item in wanted:
        if item.field is None:
            items.append(_collected(item, deal, member, at))
        else:
            items.append(_known(item, kept[item.key], suggestions, at, deal.currency))
    return Packet(handoff, tuple(items))


def _records(deal: Deal, wanted: Iterable[PacketItem], member: Member) -> dict[str, Record | None]:
    records: dict[str, Record | None] = {"deal": deal}
    kinds = {item.field.on for item in wanted if item.field} | {item.key for item in wanted}
    if "contact" in kinds and deal.contact_id:
        records["contact"] = Contact.objects.visible_to(member).filter(pk=deal.contact_id).first()
    if "company" in kinds and deal.company_id:
        records["company"] = Company.objects.visible_to(member).filter(pk=deal.company_id).first()
    return records


def _kept(item: PacketItem, records: dict[str, Record | None]) -> dict[str, Any]:
    assert item.field is not None
    row = records.get(item.field.on)
    name = item.key.rpartition(".")[2]
    kept = dict(row.values.get(KEPT_AS.get(name, name) if "." in item.key else item.key, {})) if row else {}
    referred = records.get(item.key) if item.key in {"contact", "company"} else None
    if referred is not None and kept.get("v"):
        kept["name"] = str(referred)
    return kept


def _suggestions(kept: Iterable[dict[str, Any]], records: dict[str, Record | None], member: Member) -> dict[str, Fact]:
    ids = [suggestion for value in kept for suggestion in value.get("s", [])]
    if not ids:
        return {}
    seen = {kind: [row.pk] for kind, row in records.items() if row is not None}
    return {str(fact.pk): fact for fact in Fact.objects.of_seen(member, seen).filter(pk__in=ids)}


def _known(item: PacketItem, kept: dict[str, Any], suggestions: dict[str, Fact], at: datetime, currency: str) -> Item:
    field = item.field
    assert field is not None
    waiting = [suggestions[one] for one in kept.get("s", []) if one in suggestions]
    known = trust_of(kept, field, at)
    return Item(
        key=item.key,
        name=item.name,
        field=field.key,
        has=_has(known.state, bool(waiting)),
        value=kept.get("name") or value_text(kept.get("v"), field.type, currency),
        raw=kept.get("v"),
        age_days=(at - unstamp(kept["h"])).days if kept.get("h") else None,
        fresh_for=field.fresh_for,
        fact=_uuid(kept.get("f")),
        said_by=_uuid(kept.get("by")),
        interaction=_uuid(kept.get("i")),
        breaks=field.breaks,
        suggestions=tuple(fact.pk for fact in waiting),
        suggested=value_text(waiting[-1].value, field.type, currency) if waiting else "",
    )


def _has(state: State, suggested: bool) -> Has:
    """What is only suggested from words that this member may not read is missing to them."""
    if state == "suggested":
        return "suggested" if suggested else "missing"
    return "there" if state == "confirmed" else state


def _collected(item: PacketItem, deal: Deal, member: Member, at: datetime) -> Item:
    if item.key == "promises":
        return _promises(item, deal, member)
    if item.key == "exceptions":
        return _exceptions(item, deal, member)
    here = Interaction.objects.visible_to(member).filter(deal=deal.pk).values("pk")
    files = File.objects.visible_to(member).filter(interaction__in=here, inline=False).order_by("id")
    names = list(files.values_list("name", flat=True)[:50])
    return Item(item.key, item.name, "there" if names else "missing", value=", ".join(names), raw=names)


def _promises(item: PacketItem, deal: Deal, member: Member) -> Item:
    """Promises are there even where there are none: that we owe nothing is worth knowing."""
    rows = Promise.objects.visible_to(member).filter(deal=deal.pk).ours().open().order_by("due_at", "id")
    raw = [{"id": str(p.pk), "what": p.what, "at": stamp(p.due_at) if p.due_at else None} for p in rows]
    return Item(
        item.key, item.name, "there", value="; ".join(value_text(one) for one in raw) or _("none open"), raw=raw
    )


def _exceptions(item: PacketItem, deal: Deal, member: Member) -> Item:
    rows = ExceptionCase.objects.visible_to(member).filter(deal=deal.pk).order_by("id")
    raw = [{"id": str(case.pk), "what": case.what} for case in rows]
    return Item(item.key, item.name, "there", value="; ".join(one["what"] for one in raw) or _("none"), raw=raw)


def _uuid(value: str | None) -> UUID | None:
    return UUID(value) if value else None
