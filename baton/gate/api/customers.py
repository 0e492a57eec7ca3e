"""Companies and contacts through the API: listed, found by an address, made and changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from baton.gate.access.scopes import WRITE
from baton.gate.api import drawing, writing
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, limit_of, opened, page, wanted
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import ID, text
from baton.kernel.ids import uuid7
from baton.kernel.writer import writing as one_writer
from baton.ledger.models import Address, Company, Contact
from baton.ledger.queries import SORTS, companies_list, contacts_list
from baton.ledger.recording import record
from baton.map.elements import RecordKind

SORT = Parameter(
    "sort",
    {"type": "string", "enum": [*SORTS, *(f"-{name}" for name in SORTS)], "default": "name"},
    "The order; with a minus turned round. Sorted by `heard`, those never heard are left out.",
)
WORDS = Parameter("q", text(200), "Beginnings of words, as in search.")
OWNER = Parameter("owner", ID, "Those of one member.")
EMAIL = Parameter("email", text(320), "Who has exactly this address.", example="dana@marlowe.example")
DOMAIN = Parameter("domain", text(255), "Whose mail comes from this domain.", example="marlowe.example")
COMPANY = Parameter("company", ID, "Those of one company.")


def _members(kind: str) -> set[str]:
    return set(shapes_in_force().schemas[kind]["properties"])


@operation(
    "GET", "/companies", gives="CompanyPage", group="Companies",
    parameters=lambda: [*PAGE, FIELDS, SORT, WORDS, OWNER, DOMAIN],
)  # fmt: skip
def list_companies(call: Call) -> dict[str, Any]:
    """List companies."""
    asked = wanted(call, _members("Company")) or _members("Company") - {"facts"}
    if call.one("domain"):
        rows, bookmark = _at_address(Company, "domain", call.one("domain"), call), ""
    else:
        found = companies_list(call.member, **_asked_for(call))
        rows, bookmark = [line.row for line in found.lines], found.after
    return page(drawing.companies(rows, call, asked), bookmark)


@operation(
    "GET", "/contacts", gives="ContactPage", group="Contacts",
    parameters=lambda: [*PAGE, FIELDS, SORT, WORDS, OWNER, EMAIL, COMPANY],
)  # fmt: skip
def list_contacts(call: Call) -> dict[str, Any]:
    """List contacts."""
    asked = wanted(call, _members("Contact")) or _members("Contact") - {"facts"}
    if call.one("email"):
        rows, bookmark = _at_address(Contact, "email", call.one("email"), call), ""
    else:
        found = contacts_list(call.member, company=call.id("company"), **_asked_for(call))
        rows, bookmark = [line.row for line in found.lines], found.after
    return page(_contacts(rows, call, asked), bookmark)


def _asked_for(call: Call) -> dict[str, Any]:
    return {
        "sort": call.one("sort", "name"),
        "words": call.one("q"),
        "owner": call.id("owner"),
        "after": opened(call),
        "size": limit_of(call),
        "whole": True,
    }


def _at_address(model: Any, kind: str, value: str, call: Call) -> list[Any]:
    column = "contact_id" if model is Contact else "company_id"
    ids = Address.objects.filter(kind=kind, value=value.strip().lower()).values(column)
    return list(
        model.objects.visible_to(call.member).filter(pk__in=ids).order_by("name_folded", "pk")[: limit_of(call)]
    )


def _contacts(rows: list[Contact], call: Call, asked: set[str] | None) -> list[dict[str, Any]]:
    named = asked is None or "company_name" in asked
    return drawing.contacts(rows, drawing.names_of_companies(call, rows) if named else {}, call, asked)


def _drawn(kind: RecordKind, row: Any, call: Call, asked: set[str] | None = None) -> dict[str, Any]:
    return _contacts([row], call, asked)[0] if kind == "contact" else drawing.companies([row], call, asked)[0]


@operation("GET", "/companies/{id}", gives="Company", group="Companies", parameters=lambda: [FIELDS])
def get_company(call: Call, id: UUID) -> dict[str, Any]:
    """Read one company with its facts."""
    return _drawn("company", writing.seen("company", id, call), call, wanted(call, _members("Company")))


@operation("GET", "/contacts/{id}", gives="Contact", group="Contacts", parameters=lambda: [FIELDS])
def get_contact(call: Call, id: UUID) -> dict[str, Any]:
    """Read one contact with its facts."""
    return _drawn("contact", writing.seen("contact", id, call), call, wanted(call, _members("Contact")))


@operation("POST", "/companies", gives="Company", takes="CompanyNew", group="Companies", scope=WRITE, makes=True)
def create_company(call: Call) -> Made:
    """Add a company; with `key` only once."""
    return _made("company", "companies", call)


@operation("POST", "/contacts", gives="Contact", takes="ContactNew", group="Contacts", scope=WRITE, makes=True)
def create_contact(call: Call) -> Made:
    """Add a contact; with `key` only once."""
    return _made("contact", "contacts", call)


def _made(kind: RecordKind, place: str, call: Call) -> Made:
    own = writing.own_key(call, kind, call.body)
    with one_writer():
        row = writing.made_before(call, kind, own)
        new = row is None
        if row is None:
            pk = uuid7()
            entries = writing.entries_of(kind, pk, call.body, call)
            entries[0].key = own
            row = record(entries, by=call.acting.author, at=call.at).row(kind, pk)
    return Made(_drawn(kind, writing.seen(kind, row.pk, call), call), f"/{place}/{row.pk}", new)


@operation(
    "PATCH", "/companies/{id}", gives="Company", takes="CompanyChanges", group="Companies", scope=WRITE,
    conflicts=True,
)  # fmt: skip
def change_company(call: Call, id: UUID) -> dict[str, Any]:
    """Change what you name and nothing else."""
    return _changed("company", id, call)


@operation(
    "PATCH", "/contacts/{id}", gives="Contact", takes="ContactChanges", group="Contacts", scope=WRITE, conflicts=True
)
def change_contact(call: Call, id: UUID) -> dict[str, Any]:
    """Change what you name and nothing else."""
    return _changed("contact", id, call)


def _changed(kind: RecordKind, pk: UUID, call: Call) -> dict[str, Any]:
    version = call.body.get("version")
    with writing.telling_what_changed(kind, pk, version, call), one_writer():
        row = writing.seen(kind, pk, call)
        writing.refuse_older(row, version)
        entries = writing.entries_of(kind, pk, call.body, call, row)
        if entries:
            record(entries, by=call.acting.author, at=call.at, expected={pk: row.version})
    return _drawn(kind, writing.seen(kind, pk, call), call)
