"""What a chunk of rows would change: new records, changed ones with before and after, what is so already, what is bad.

Nothing is written here, so that a look and an import come to the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from baton.capture.grammar import is_free_mail
from baton.channels.sheets.finding import Finder, Found
from baton.channels.sheets.lexicon import OF_RECORD
from baton.channels.sheets.models import Sheet, SheetRow
from baton.channels.sheets.rows import RowReader, RowSaid, natural_key
from baton.kernel.ids import uuid7
from baton.ledger.text import folded
from baton.members.models import Member

State = Literal["new", "changed", "same", "bad"]
LISTS = frozenset({"emails", "phones", "domains"})
NAMED = "~company"
"""Under which a sheet's own name for a company is remembered beside what it became."""
FIRST = {"deal": "title", "contact": "name", "company": "name"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a known record that would change. `here_too`: somebody changed it in Baton since the last sheet."""

    field: str
    before: Any
    after: Any
    here_too: bool = False


@dataclass(slots=True)
class Outcome:
    """What becomes of one row. `made` are companies and contacts that it brings along: (kind, id, values); `again`
    says that a row planned with it speaks of the same record.
    """

    said: RowSaid
    state: State
    kind: str = ""
    key: str = ""
    record_id: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    made: list[tuple[str, UUID, dict[str, Any]]] = field(default_factory=list)
    row: SheetRow | None = None
    again: bool = False


class Planner:
    """Plans the chunks of one sheet, in order: rows that are told apart only by how often they came are counted."""

    def __init__(self, sheet: Sheet, reader: RowReader, by: Member, *, looking: bool = False) -> None:
        self.sheet, self.reader, self.looking = sheet, reader, looking
        self.met: set[str] = set()
        self.kind = OF_RECORD[sheet.kind]
        self.finder = Finder(sheet, self.kind, by)
        self.times: Counter[str] = Counter()
        self.first_stage = reader.lexicon.stages.open[0]
        self.claimed: set[UUID] = set()

    def plan(self, rows: Iterable[tuple[int, list[str]]]) -> list[Outcome]:
        """Return what becomes of each row."""
        said = [self.reader.read(number, cells) for number, cells in rows]
        good = [one for one in said if not one.problem]
        keys = [self._key(one) for one in good]
        found = self.finder.find(good, keys)
        chunk: dict[str, Outcome] = {}
        planned = {id(one): self._plan(one, key, found, chunk) for one, key in zip(good, keys, strict=True)}
        return [planned.get(id(one)) or Outcome(one, "bad") for one in said]

    def _key(self, said: RowSaid) -> str:
        if said.key:
            return said.key
        key = natural_key(said, self.reader.kind)
        if self.kind != "deal":
            return key
        self.times[key] += 1
        return key if self.times[key] == 1 else f"{key}#{self.times[key]}"

    def _plan(self, said: RowSaid, key: str, found: Found, chunk: dict[str, Outcome]) -> Outcome:
        outcome = Outcome(said, "new", self.kind, key)
        self._bring_along(outcome, found)
        before = chunk.get(key)
        known = found.rows.get(key)
        if before is not None:
            _again(outcome, before)
        elif known is not None and known.record_id in found.records:
            outcome.row = known
            self._compare(outcome, found.records[known.record_id], known.said)
        elif key in self.met:
            outcome.state = "same"  # only looked at, so an earlier chunk left nothing to be found
        else:
            outcome.row = known
            self._match(outcome, found)
            self.met |= {key} if self.looking else set()
        chunk.setdefault(key, outcome)
        return outcome

    def _match(self, outcome: Outcome, found: Found) -> None:
        record = self._same(outcome, found)
        if record is not None:
            self.claimed.add(record.pk)
            self._compare(outcome, record, None)
            return
        outcome.record_id = uuid7()
        outcome.values = dict(outcome.said.values)
        if self.kind == "deal":
            start = {"stage": self.first_stage.id, "desk": self.first_stage.desk, "status": "open"}
            outcome.values = start | outcome.values
        self._remember(outcome, found)

    def _remember(self, outcome: Outcome, found: Found) -> None:
        """Let later rows find what this one makes."""
        assert outcome.record_id
        if self.kind == "company":
            name = folded(outcome.values["name"])
            found.companies.setdefault(name, outcome.record_id)
            self.finder.known_companies.setdefault(name, outcome.record_id)

    def _same(self, outcome: Outcome, found: Found) -> Any:
        """Return the record that a row without a past is about, None where it is a new one, or could be several."""
        said, records = outcome.said, found.records
        ids = [found.at.get(one) for one in said.values.get("emails", ())] if self.kind == "contact" else []
        if self.kind == "company":
            ids = [found.companies.get(folded(said.values["name"]))]
            ids += [found.domains.get(one) for one in said.values.get("domains", ())] if not ids[0] else []
        there = next((records[pk] for pk in ids if pk in records), None)
        if there is not None or self.kind == "company":
            return None if there is not None and there.pk in self.claimed and said.key else there
        name = folded(said.values[FIRST[self.kind]])
        alike = [row for row in found.named.get(name, ()) if row.pk not in self.claimed and self._fits(row, said)]
        return alike[0] if len(alike) == 1 else None

    def _fits(self, row: Any, said: RowSaid) -> bool:
        """The same name is the same record only with the same company, or the same telephone."""
        company = said.values.get("company")
        if company or row.company_id:
            return company == str(row.company_id)
        if self.kind == "deal":
            return True
        phones = set(said.values.get("phones", ()))
        return bool(phones & set((row.values.get("phones") or {}).get("v") or ()))

    # Who a row is about, besides

    def _bring_along(self, outcome: Outcome, found: Found) -> None:
        if self.kind == "company":
            return
        company = self._company(outcome, found)
        if company:
            outcome.said.values["company"] = str(company)
        if self.kind == "deal":
            contact = self._contact(outcome, found, company)
            if contact:
                outcome.said.values["contact"] = str(contact)

    def _company(self, outcome: Outcome, found: Found) -> UUID | None:
        about = outcome.said.about
        by_id = found.by_id.get(about.get("company_id", ""))
        name = about.get("company", "")
        last = found.rows[outcome.key].said if outcome.key in found.rows else {}
        if name and last.get(NAMED) == name and last.get("company"):
            return UUID(last["company"])  # whatever it is called in Baton by now
        if by_id or not name:
            return by_id
        known = found.companies.get(folded(name))
        if known is None:
            known = found.companies[folded(name)] = self.finder.known_companies[folded(name)] = uuid7()
            outcome.made.append(("company", known, {"name": name, **self._domain(outcome.said, found)}))
        return known

    def _domain(self, said: RowSaid, found: Found) -> dict[str, Any]:
        """A company that is new gets the domain that its person writes from, so that mail finds it."""
        email = (said.values.get("emails") or [said.about.get("email", "")])[0]
        domain = email.partition("@")[2]
        if not domain or is_free_mail(domain) or domain in found.domains or domain in self.finder.known_domains:
            return {}
        self.finder.known_domains.add(domain)
        return {"domains": [domain]}

    def _contact(self, outcome: Outcome, found: Found, company: UUID | None) -> UUID | None:
        about = outcome.said.about
        name, email = about.get("contact", ""), about.get("email", "")
        if not name and not email:
            return None
        known = found.at.get(email) or self._named_contact(name, company, found)
        if known is None:
            known = uuid7()
            values = {"name": name or email} | ({"emails": [email]} if email else {})
            values |= {"phones": [about["phone"][:60]]} if about.get("phone") else {}
            values |= {"company": str(company)} if company else {}
            outcome.made.append(("contact", known, values))
            if email:
                found.at[email] = known
            else:
                found.named[f"contact:{folded(name)}"].append(_Named(known, company))
        return known

    def _named_contact(self, name: str, company: UUID | None, found: Found) -> UUID | None:
        alike = found.named.get(f"contact:{folded(name)}", ()) if name else ()
        return next((row.pk for row in alike if row.company_id == company), None)

    # What differs

    def _compare(self, outcome: Outcome, record: Any, last: dict[str, Any] | None) -> None:
        outcome.record_id, outcome.values = record.pk, dict(outcome.said.values)
        outcome.changes = [
            change
            for name, value in outcome.said.values.items()
            if (change := compared(name, value, _current(record, name), last)) is not None
        ]
        outcome.state = "changed" if outcome.changes else "same"
        if not outcome.changes:
            outcome.made = []


@dataclass(frozen=True, slots=True)
class _Named:
    """A contact that this chunk makes."""

    pk: UUID
    company_id: UUID | None


def _again(outcome: Outcome, before: Outcome) -> None:
    """A row that speaks of the same record as one before it in this chunk: what it says differently is a change."""
    outcome.record_id, outcome.values, outcome.row = before.record_id, dict(outcome.said.values), before.row
    outcome.made, outcome.again = [], True
    outcome.changes = [
        change
        for name, value in outcome.said.values.items()
        if (change := compared(name, value, before.said.values.get(name), None)) is not None
    ]
    outcome.state = "changed" if outcome.changes else "same"
    before.said.values.update(outcome.said.values)


def _current(record: Any, name: str) -> Any:
    kept = record.values.get(name)
    return kept.get("v") if kept else None


def compared(name: str, value: Any, now: Any, last: dict[str, Any] | None) -> Change | None:
    """Return what a value of the sheet changes, None for nothing.

    A cell that says what it said last time changes nothing, whatever was changed in Baton since.
    """
    if last is not None and name in last and _alike(name, value, last[name]):
        return None
    if name in LISTS:
        value = [*(now or []), *(one for one in value if one not in (now or []))]
    if _alike(name, value, now):
        return None
    here_too = last is not None and name in last and not _alike(name, last[name], now)
    return Change(name, now, value, here_too)


def _alike(name: str, one: Any, other: Any) -> bool:
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str) and name in {"name", "title"}:
        return folded(one) == folded(other)
    if name == "next_step" and one and other:
        return folded(one["what"]) == folded(other.get("what", "")) and (not one["at"] or one["at"] == other.get("at"))
    return False
