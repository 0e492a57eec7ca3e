"""Where messages end up, against where their owners filed them: `account_labels.csv` of the Enron mailboxes.

Eleven folders are customers and suppliers of Jennifer Medcalf's team, two are California's grid operator; the others
are colleagues, teams, topics and occasions, and no account. Each account is known as anybody would know it beforehand:
a company with its mail domain and one open deal, and no contact.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, said
from baton.ledger.models import Interaction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member, Role
from bench.labels import members_of

CALLER = "bench"
OWNER = "jennifer.medcalf@enron.com"
ACCOUNTS = {
    "active_international": ("Active International", "activeinternational.com"),
    "avaya": ("Avaya", "avaya.com"),
    "bmc": ("BMC Software", "bmc.com"),
    "bridge": ("Bridge", "bridge.com"),
    "bristol_babcock": ("Bristol Babcock", "bristolbabcock.com"),
    "compaq": ("Compaq", "compaq.com"),
    "continental_airlines": ("Continental Airlines", "coair.com"),
    "dell": ("Dell", "dell.com"),
    "hp": ("Hewlett-Packard", "hp.com"),
    "sparefinders_com": ("sparesFinder", "sparesfinder.com"),
    "vulcan_signs": ("Vulcan Signs", "vulcansigns.com"),
    "iso/client_rep": ("California ISO", "caiso.com"),
    "iso/mrkt_info": ("California ISO", "caiso.com"),
}
ADDRESS = re.compile(r"[\w.'-]+@[\w.-]+\w")
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One message that its owner filed under an account: its member of the archive, and whether anybody outside is
    named with an address."""

    member: str
    folder: str
    outside: bool

    @property
    def account(self) -> str:
        return ACCOUNTS[self.folder][0]


@dataclass(slots=True)
class Tally:
    """How many messages went where; `wrong` lists those under another account."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def share(self, place: str) -> float:
        """Return the share of `right`, `wrong` or `inbox`, from 0 to 1."""
        return self.counts[place] / max(1, self.total)

    def __str__(self) -> str:
        return f"{self.counts['right']} right, {self.counts['wrong']} wrong, {self.counts['inbox']} in Inbox"


def rows_of(data: Path) -> list[Row]:
    """Return the labeled messages that belong to an account."""
    with (data / "email" / "enron" / "account_labels.csv").open(encoding="utf-8", newline="") as lines:
        told = [row for row in csv.DictReader(lines) if row["account_folder"] in ACCOUNTS]
    return [Row(row["member"], row["account_folder"], _names_somebody_outside(row)) for row in told]


def _names_somebody_outside(row: dict[str, str]) -> bool:
    return any(not address.endswith("@enron.com") for address in ADDRESS.findall(f"{row['from']} {row['to']}".lower()))


def file_all(data: Path, rows: list[Row], at: datetime) -> dict[str, Tally]:
    """Take these messages in as history of the owner's mailbox, oldest first, and tell where they went.

    The keys are `outside` and `inside`: whether an address outside the company is named. The business gets one more
    member and the accounts.
    """
    owner = Member.objects.create_user(OWNER, name="Jennifer Medcalf", role=Role.MEMBER)
    accounts = _accounts({row.account: ACCOUNTS[row.folder][1] for row in rows}, owner, at)
    places = _take(data, rows, owner, at)
    tallies = {"outside": Tally(), "inside": Tally()}
    for row in rows:
        company = places.get(row.member)
        place = "inbox" if company is None else "right" if company == accounts[row.account] else "wrong"
        tally = tallies["outside" if row.outside else "inside"]
        tally.counts[place] += 1
        if place == "wrong":
            tally.wrong.append(row.member)
    return tallies


def _accounts(domains: dict[str, str], owner: Member, at: datetime) -> dict[str, UUID]:
    stage = current_map().first_stage
    keys = {}
    for name, domain in domains.items():
        company, deal = uuid7(), uuid7()
        told = {"title": name, "company": str(company), "stage": stage.id, "desk": stage.desk, "owner": str(owner.pk)}
        entries = [*said("company", company, name=name, domains=[domain]), *said("deal", deal, **told)]
        record(entries, by=Author(owner), at=at)
        keys[name] = company
    return keys


def _take(data: Path, rows: list[Row], owner: Member, at: datetime) -> dict[str, UUID | None]:
    """Return member of the archive → the company under which it was filed, None in Inbox."""
    came = {f"accounts:{name}": (name, raw) for name, raw in _raws(data, rows)}
    incoming = [
        Incoming("email", key, raw, as_member=owner, evidence=MAILBOX, live=False) for key, (_n, raw) in came.items()
    ]
    for start in range(0, len(incoming), AT_ONCE):
        ingest_many(incoming[start : start + AT_ONCE], at=at)
        waiting = Delivery.objects.unscoped(CALLER).filter(key__in=list(came), state=Delivery.State.WAITING)
        process(list(waiting.order_by("pk")), at=at)
    deliveries = Delivery.objects.unscoped(CALLER).filter(key__in=list(came)).values_list("key", "interaction")
    filed = dict(Interaction.objects.unscoped(CALLER).filter(filed_at__isnull=False).values_list("pk", "company"))
    return {came[key][0]: filed.get(interaction) for key, interaction in deliveries}


def _raws(data: Path, rows: list[Row]) -> Iterator[tuple[str, bytes]]:
    """The messages by their own date, oldest first, as a mailbox has them."""
    dated = [(_date(raw), name, raw) for name, raw in members_of(data, {row.member for row in rows})]
    for _when, name, raw in sorted(dated, key=lambda each: (each[0], each[1])):
        yield name, raw


def _date(raw: bytes) -> datetime:
    found = re.search(rb"^Date: (.+?)\r?$", raw, re.MULTILINE)
    assert found is not None
    return parsedate_to_datetime(found[1].decode().partition(" (")[0])
