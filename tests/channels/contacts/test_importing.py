"""Importing an address book: people and companies, once each, and nothing of what is known lost."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import call_command

from baton.capture import imports
from baton.capture.models import Delivery
from baton.channels.contacts import importing
from baton.ledger.models import Company, Contact
from baton.work.checking import check
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
DANA = """BEGIN:VCARD
VERSION:3.0
FN:Dana Whitlock
N:Whitlock;Dana;;;
ORG:Marlowe Estates Ltd
TITLE:Facilities manager
EMAIL:Dana@Marlowe.example
EMAIL:dana.w@gmail.com
TEL;TYPE=CELL:+44 7700 900123
END:VCARD
"""
OFFICE = """BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Šimić gradnja d.o.o.
ORG:Šimić gradnja d.o.o.
EMAIL:info@simic-gradnja.example
TEL:+385 1 234 5678
END:VCARD
"""
NOBODY = "BEGIN:VCARD\nVERSION:3.0\nNOTE:?\nEND:VCARD\n"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def bring(cast, tmp_path):
    def bring(text: str, name: str = "book.vcf"):
        (tmp_path / name).write_text(text)
        job = importing.start([str(tmp_path / name)], by=cast.ana, at=MONDAY)
        imports.run(job, lambda: MONDAY, lambda one: None, threading.Event())
        return job.read, job.recorded, job.already_known, job.parked

    return bring


def contacts():
    return list(Contact.objects.unscoped("tests").order_by("name_folded"))


def companies():
    return list(Company.objects.unscoped("tests").order_by("name_folded"))


def test_a_card_becomes_a_contact_with_its_company(bring):
    assert bring(DANA) == (1, 1, 0, 0)

    (dana,), (marlowe,) = contacts(), companies()
    assert (dana.name, dana.job, dana.company_id) == ("Dana Whitlock", "Facilities manager", marlowe.pk)
    assert dana.values["emails"]["v"] == ["dana@marlowe.example", "dana.w@gmail.com"]
    assert dana.phone == "+44 7700 900123"
    assert (marlowe.name, marlowe.values["domains"]["v"]) == ("Marlowe Estates Ltd", ["marlowe.example"])
    assert check().differences == []


def test_the_same_book_again_is_known(bring):
    bring(DANA + OFFICE)

    assert bring(DANA + OFFICE) == (2, 0, 2, 0)
    assert (len(contacts()), len(companies())) == (1, 2)


def test_a_newer_export_adds_what_is_new_and_replaces_nothing(bring):
    bring(DANA)

    changed = DANA.replace("Facilities manager", "Director").replace("END:", "TEL:+44 20 7946 0991\nEND:")
    assert bring(changed) == (1, 1, 0, 0)

    (dana,) = contacts()
    assert dana.job == "Facilities manager"
    assert dana.values["phones"]["v"] == ["+44 7700 900123", "+44 20 7946 0991"]


def test_a_company_s_card_is_a_company_and_nobody(bring):
    assert bring(OFFICE) == (1, 1, 0, 0)

    (office,) = companies()
    assert contacts() == []
    assert office.values["emails"]["v"] == ["info@simic-gradnja.example"]
    assert office.values["phones"]["v"] == ["+385 1 234 5678"]
    assert office.domain == "simic-gradnja.example"


def test_free_mail_names_no_company_and_neither_does_a_stranger_s_domain(bring):
    bring(DANA.replace("Dana@Marlowe.example", "dana@somewhere-else.example"))

    assert companies()[0].domain == ""


def test_a_card_of_nobody_is_kept_and_told_of(bring, cast):
    assert bring(DANA + NOBODY) == (2, 1, 0, 1)

    (parked,) = Delivery.objects.visible_to(cast.ana).parked()
    assert "names nobody" in parked.because


def test_a_file_that_is_no_book_is_parked_whole(bring, cast):
    assert bring("only words") == (1, 0, 0, 1)
    assert "no address book" in Delivery.objects.visible_to(cast.ana).parked().get().because


def test_a_table_without_names_still_reaches_people(bring):
    assert bring("E-mail Address,Company\ninfo@lime.example,Lime Ltd\n", "outlook.csv") == (1, 1, 0, 0)


def test_the_command_answers_like_import_mail(cast, tmp_path):
    (tmp_path / "book.vcf").write_text(DANA)
    out = StringIO()

    call_command("import", "contacts", str(tmp_path / "book.vcf"), "--as", cast.ana.email, "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert answer.pop("seconds") >= 0
    assert answer == {"read": 1, "recorded": 1, "already_known": 0, "parked": 0}
