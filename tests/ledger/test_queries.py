"""Contacts and companies: lists that scroll, pages that stay quick, and other teams' deals on neither."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact
from baton.ledger.queries import companies_list, company_page, contact_page, contacts_list
from baton.work.customers import open_promises
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def names(page):
    return [line.row.name for line in page.lines]


def walked(listing, **more):
    page = listing(**more)
    found = names(page)
    while page.after:
        page = listing(after=page.after, **more)
        found += names(page)
    return found


def test_contacts_are_listed_by_name_as_people_expect(cast):
    for name in ("Zoë", "anna", "Čedo", "Dan"):
        cast.contact(name, f"{name}@x.example")

    assert names(contacts_list(cast.ana)) == ["anna", "Čedo", "Dan", "Zoë"]
    assert names(contacts_list(cast.ana, sort="-name")) == ["Zoë", "Dan", "Čedo", "anna"]


@pytest.mark.parametrize("sort", ["name", "-name", "recorded", "-recorded"])
def test_pages_follow_each_other_without_gap_or_repeat(cast, sort):
    for number in range(7):
        cast.contact(f"Same {number // 3}", f"{number}@x.example")

    found = walked(lambda **more: contacts_list(cast.ana, sort=sort, size=2, **more))

    assert sorted(found) == sorted(f"Same {number // 3}" for number in range(7))


def test_contacts_are_narrowed_by_words_and_company(cast):
    marlowe = cast.company()
    cast.contact("Dana Whitlock", "d@marlowe.example", marlowe)
    cast.contact("Dana Stone", "d@stone.example")

    assert names(contacts_list(cast.ana, words="whit dan")) == ["Dana Whitlock"]
    assert names(contacts_list(cast.ana, company=marlowe.pk)) == ["Dana Whitlock"]
    assert [line.company for line in contacts_list(cast.ana).lines] == ["", "Marlowe"]


@pytest.mark.parametrize("sort", ["id", "values", "company__name", "", "name_folded", "--name"])
def test_unknown_sorts_are_refused(cast, sort):
    with pytest.raises(Refusal, match="nothing called"):
        contacts_list(cast.ana, sort=sort)


@pytest.mark.parametrize("after", ["x", "[]", '["a"]', '["a","b"]', "{}", "7", '[["a"],"b"]', "[null,null]"])
@pytest.mark.parametrize("sort", ["name", "heard"])
def test_unknown_bookmarks_are_refused(cast, sort, after):
    with pytest.raises(Refusal, match="Start the list again"):
        contacts_list(cast.ana, sort=sort, after=after)


def test_the_lists_take_as_many_queries_for_2500_as_for_25(cast, django_assert_num_queries):
    company = cast.company()
    _contacts(25, company)
    contacts_list(cast.ana, size=25)
    with CaptureQueriesContext(connection) as few:
        contacts_list(cast.ana, size=25)
        company_page(cast.ana, company.pk)
    _contacts(2475, company)

    with django_assert_num_queries(len(few)):
        contacts_list(cast.ana, size=2500)
        page = company_page(cast.ana, company.pk)

    assert (len(page.contacts), page.more_contacts) == (50, True)


def _contacts(count, company):
    rows = [
        Contact(recorded_at=MONDAY, touched_at=MONDAY, name=f"C {i}", name_folded=f"c {i}", company=company)
        for i in range(count)
    ]
    Contact.objects.bulk_create(rows)


def test_the_pages_of_a_company_and_a_contact_show_what_belongs_to_them(cast):
    company = cast.company()
    contact = cast.contact(company=company)
    deal = cast.deal(company=company, contact=contact)
    mail = cast.mail(deal)
    cast.deal("Another's")

    for page in (company_page(cast.ana, company.pk), contact_page(cast.ana, contact.pk)):
        assert ([d.pk for d in page.deals], [i.pk for i in page.interactions]) == ([deal.pk], [mail.pk])
    assert [c.pk for c in company_page(cast.ana, company.pk).contacts] == [contact.pk]
    assert contact_page(cast.ana, contact.pk).company == company
    assert companies_list(cast.ana).lines[0].deals == 1
    assert (company_page(cast.ana, uuid7()), contact_page(cast.ana, uuid7())) == (None, None)


def test_other_teams_deals_mail_and_promises_are_not_on_them():
    cast = Cast("own")
    company = cast.company()
    deal = cast.deal("Canary", company=company, owner=cast.bram, desk="operations")
    cast.mail(deal)
    due = {"due_at": "2026-11-20T10:00:00Z"}
    cast.tell("promise", uuid7(), deal=str(deal.pk), what="Send canary", who="us", state="open", **due)

    page = company_page(cast.mia, company.pk)

    assert (page.deals, page.interactions, open_promises(cast.mia, company=company.pk)) == ([], [], [])
    assert companies_list(cast.mia).lines[0].deals == 0
    assert [one.what for one in open_promises(cast.bram, company=company.pk)] == ["Send canary"]


def test_the_command_answers_as_the_pages_do(cast):
    cast.contact("Dana Whitlock")
    out = io.StringIO()

    call_command("search", "whit", "--json", "--as", "ana@lime.example", stdout=out)

    [hit] = json.loads(out.getvalue())
    assert (hit["kind"], hit["title"]) == ("contact", "Dana Whitlock")
    with pytest.raises(CommandError, match="No member signs in"):
        call_command("search", "whit", "--as", "nobody@lime.example")
