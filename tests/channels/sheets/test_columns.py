"""Columns are known by their headers: those of other programs, and German and Croatian ones."""

import csv
from pathlib import Path

import pytest

from baton.channels.sheets.columns import fingerprint, guessed_kind, matched, missing


@pytest.mark.parametrize(
    ("heads", "kind", "expected"),
    [
        (
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Associated Company",
            "deals",
            "id,title,stage,amount,owner,close_date,company",
        ),
        (
            "Deal - Title,Deal - Value,Organization*,Contact person*,Deal - Owner,Deal - Closed on,Person - Email",
            "deals",
            "title,amount,company,contact,owner,close_date,email",
        ),
        (
            "ID,NAME,STAGENAME,AMOUNT,CLOSEDATE,ACCOUNTID,ISWON",
            "deals",
            "id,title,stage,amount,close_date,company_id,won",
        ),
        (
            "Deal Name,Account Name,Stage,Amount,Closing Date,Lead Source",
            "deals",
            "title,company,stage,amount,close_date,source",
        ),
        ("Vorname,Nachname,E-Mail,Telefon,Firma,Funktion", "contacts", "first_name,last_name,email,phone,company,job"),
        ("Ime,Prezime,E-pošta,Mobitel,Tvrtka,Radno mjesto", "contacts", "first_name,last_name,email,phone,company,job"),
        (
            "Naziv posla,Klijent,Faza prodaje,Iznos,Datum zatvaranja,Vlasnik",
            "deals",
            "title,company,stage,amount,close_date,owner",
        ),
        ("Rechnungsnummer,Kunde,Rechnungsdatum,Betrag,Bezahlt am", "invoices", "number,company,date,amount,paid"),
        ("Broj računa,Kupac,Datum računa,Iznos,Datum uplate", "invoices", "number,company,date,amount,paid"),
        ("Company name,Company Domain Name,Industry,Company owner", "companies", "name,domain,-,owner"),
    ],
)
def test_the_headers_of_known_programs_and_languages_say_what_their_columns_are(heads, kind, expected):
    names = heads.split(",")

    found = matched(names, guessed_kind(names))

    assert guessed_kind(names) == kind
    assert [found.get(column, "-") for column in range(len(names))] == expected.split(",")


FIELDS = {
    "email1": "email",
    "email2": "email",
    "first_name": "first_name",
    "last_name": "last_name",
    "account_name": "company",
    "phone_work": "phone",
    "phone_mobile": "phone",
    "full_name": "name",
    "amount": "amount",
    "date_closed": "close_date",
    "sales_stage": "stage",
    "lead_source": "source",
    "website": "domain",
    "next_step": "next_step",
}
LEFT_OUT = {("contacts", "source"), ("contacts", "domain")}
"""What a contact here doesn’t have."""
KINDS = {"Contacts/Leads": "contacts", "Accounts": "companies", "Opportunities": "deals"}


def test_every_header_whose_meaning_is_published_is_taken_for_what_it_means(shared: Path):
    with (shared / "pipeline/peer_import_headers.tsv").open() as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["column_header"] != "sugar_key"]
    asked = [
        (row["column_header"], KINDS[row["record_type"]], FIELDS[row["peer_target_field"]])
        for row in rows
        if row["record_type"] in KINDS and row["peer_target_field"] in FIELDS
    ]

    wrong = [
        (header, kind, field)
        for header, kind, field in asked
        if matched([header], kind).get(0) != field and (kind, field) not in LEFT_OUT
    ]

    assert (wrong, len(asked) > 25) == ([], True)


def test_a_field_is_taken_once_by_the_column_that_says_it_most_plainly():
    assert matched(["Account Name", "Company", "Name"], "contacts") == {1: "company", 2: "name"}


def test_a_sheet_in_which_nothing_names_a_row_is_not_let_in():
    assert missing(matched(["column1", "column2"], "contacts"), "contacts")
    assert not missing(matched(["Email"], "contacts"), "contacts")


def test_a_sheet_is_known_again_by_its_headers_however_they_are_spelled():
    assert fingerprint(["Name", "E-Mail"]) == fingerprint(["NAME", "e-mail "])
    assert fingerprint(["Name"]) != fingerprint(["Name", "City"])
