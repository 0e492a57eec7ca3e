"""The agenda writes itself: which deals, in which order, for which reasons, and for whose eyes."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from baton.decide.review.agenda import agenda
from baton.decide.review.reviews import begin, decision_of, end, looks_back_to
from baton.work import handoffs, promises
from baton.work.next_steps import set_next
from tests.cast import HOUR, MONDAY, Cast

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
BEFORE = MONDAY - WEEK - HOUR
NEXT_MONDAY = MONDAY + WEEK


@pytest.fixture
def cast():
    return Cast()


def money(pounds):
    return {"minor": pounds * 100, "currency": "GBP"}


def healthy(cast, title, **values):
    """A deal that there is nothing to say about: a step, a far date, and something that happened lately."""
    contact = cast.contact(name=f"Contact of {title}", email=f"{title.split()[0].lower()}@firm.example")
    told = {"amount": money(1000), "close_date": "2027-05-01", "contact": contact} | values
    deal = cast.deal(title, at=BEFORE - WEEK, **told)
    set_next(deal, "Ring them", by=cast.ana, at=BEFORE, due=NEXT_MONDAY + WEEK)
    cast.mail(deal, "out", at=MONDAY - HOUR)
    return deal


def talked(cast, member=None, at=MONDAY):
    found = agenda(member or cast.tomas, decision_of(), at=at)
    return {part.name: [item.title for item in part.items] for part in found.parts if part.items}


def said(cast, title, at=MONDAY):
    items = agenda(cast.tomas, decision_of(), at=at).items
    return [reason.text for item in items if item.title == title for reason in item.reasons]


def test_a_deal_that_there_is_nothing_to_say_about_is_not_on_the_agenda(cast):
    healthy(cast, "Quayside Tower")

    assert talked(cast) == {}


def test_each_reason_brings_its_deals_in_the_order_of_the_reasons(cast):
    slipped, changed, unproven = (healthy(cast, f"{name} deal") for name in ("Slipped", "Changed", "Unproven"))
    closing = healthy(cast, "Closing deal", close_date="2026-11-27")
    owed = healthy(cast, "Owed deal")
    quiet = cast.deal("Quiet deal", at=BEFORE - 2 * WEEK, close_date="2027-05-01")
    set_next(quiet, "Wait", by=cast.ana, at=BEFORE - 2 * WEEK)
    stepless = healthy(cast, "Stepless deal")
    cast.tell("deal", slipped.pk, at=MONDAY - HOUR, close_date="2027-06-01")
    cast.tell("deal", changed.pk, at=MONDAY - HOUR, amount=money(4000))
    cast.tell("deal", unproven.pk, at=MONDAY - HOUR, stage="visited")
    cast.tell("deal", stepless.pk, at=MONDAY - HOUR, next_step=None)
    promises.make(owed, "Send the scope map", by=cast.ana, at=BEFORE, due_at=MONDAY + 2 * HOUR)

    assert talked(cast) == {
        "Slipped": ["Slipped deal"],
        "Went quiet": ["Quiet deal"],
        "No next step": ["Stepless deal"],
        "Changed": ["Changed deal"],
        "No evidence": ["Unproven deal"],
        "Promises": ["Owed deal"],
        "Closes this period": [closing.title],
    }


def test_reasons_say_what_they_rest_on(cast):
    deal = healthy(cast, "Gantry Works", amount=money(22000), close_date="2026-11-12")
    cast.tell("deal", deal.pk, at=MONDAY - HOUR, amount=money(33000), close_date="2026-11-13", stage="visited")
    promises.make(deal, "Send the visit note", by=cast.ana, at=BEFORE, due_at=MONDAY - 2 * HOUR)

    assert said(cast, "Gantry Works") == [
        "Its close date moved from Thu 12 Nov to Fri 13 Nov; Its close date, Fri 13 Nov, has passed",
        "Its amount went from £22,000 to £33,000",
        "Moved to Visited, and nothing shows it",
        "“Send the visit note” is promised, since 07:00",
    ]


def test_a_deal_that_came_back_from_a_handoff_says_from_whom_and_what_was_missing(cast):
    deal = healthy(cast, "Kestrel Logistics")
    cast.tell("deal", deal.pk, desk="intake", at=BEFORE)
    offered = handoffs.offer(deal, to="intake-sales", by=cast.mia, at=MONDAY - 3 * HOUR)
    handoffs.send_back(offered, missing=["need"], because="", by=cast.ana, at=MONDAY - HOUR)

    assert said(cast, "Kestrel Logistics") == ["Sales returned it; missing: Need"]


def test_what_changed_before_the_last_review_is_no_news(cast):
    deal = healthy(cast, "Quayside Tower")
    cast.tell("deal", deal.pk, at=MONDAY - HOUR, amount=money(9000))
    end(begin(decision_of(), by=cast.tomas, at=MONDAY), by=cast.tomas, at=MONDAY + HOUR)

    later = MONDAY + HOUR
    found = agenda(cast.tomas, decision_of(), at=later, since=looks_back_to(decision_of(), later))

    assert found.since == MONDAY
    assert [part.name for part in found.parts if part.items] == []


def test_a_deal_stands_once_under_its_first_reason_with_all_of_them(cast):
    healthy(cast, "Bright & Sons", close_date="2026-11-13")
    cast.deal("Bright & Sons again", at=MONDAY - HOUR, close_date="2026-11-13")

    assert talked(cast) == {"Slipped": ["Bright & Sons", "Bright & Sons again"]}
    assert said(cast, "Bright & Sons again") == [
        "Its close date, Fri 13 Nov, has passed",
        "Nobody has said what comes next",
    ]


def test_what_is_counted_under_a_reason_is_what_stands_there_and_the_others_are_accounted_for(cast):
    for number in range(3):
        cast.deal(f"Slipped {number}", at=MONDAY - HOUR, close_date="2026-11-13")
    for number in range(14):
        cast.deal(f"No step {number}", at=MONDAY - HOUR)

    parts = {part.kind: part for part in agenda(cast.tomas, decision_of(), at=MONDAY).parts}

    assert (len(parts["slipped"].items), parts["slipped"].note) == (3, "")
    assert (len(parts["no_step"].items), parts["no_step"].above, parts["no_step"].left_out) == (12, 3, 2)
    assert parts["no_step"].note == "3 more stand further up, 2 more aren’t listed"


def test_who_sees_only_their_own_deals_talks_about_those_alone():
    cast = Cast("own")
    for title, owner, desk in (("Mine", cast.ana, "sales"), ("Theirs", cast.mia, "intake")):
        cast.deal(title, at=BEFORE, owner=owner, desk=desk)

    assert talked(cast, cast.ana) == {"No next step": ["Mine"]} or talked(cast, cast.ana) == {"Went quiet": ["Mine"]}
    assert sorted(title for titles in talked(cast).values() for title in titles) == ["Mine", "Theirs"]


def test_more_deals_than_a_meeting_has_time_for_are_counted_and_the_largest_named(cast):
    for number in range(15):
        cast.deal(f"Deal {number:02}", at=MONDAY - HOUR, amount=money(100 * (number + 1)))

    [part] = agenda(cast.tomas, decision_of(), at=MONDAY).parts

    assert (part.name, len(part.items), part.note) == ("No next step", 12, "3 more aren’t listed")
    assert part.items[0].title == "Deal 14"


def test_the_agenda_takes_as_many_queries_for_forty_deals_as_for_four(cast, django_assert_num_queries):
    def asked(count):
        for number in range(count):
            cast.deal(f"Deal {count}-{number}", at=MONDAY - HOUR, amount=money(number), close_date="2026-11-12")

    asked(4)
    agenda(cast.tomas, decision_of(), at=MONDAY)
    with django_assert_num_queries(13):
        agenda(cast.tomas, decision_of(), at=MONDAY)
    asked(40)

    with django_assert_num_queries(13):
        agenda(cast.tomas, decision_of(), at=MONDAY)


def test_the_command_line_says_it_as_json(cast, capsys):
    cast.deal("Gantry Works", close_date="2020-01-01", amount=money(33000))

    call_command("review", "agenda", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["decision"], told["name"]) == ("monday-review", "Monday review")
    deal = told["agenda"][0]["deals"][0]
    assert (deal["title"], deal["amount"]) == ("Gantry Works", {"minor": 3300000, "currency": "GBP"})
    assert deal["reasons"][0] == {"kind": "slipped", "text": "Its close date, 1 Jan 2020, has passed"}
    assert date.fromisoformat(told["since"][:10])


def test_the_command_line_names_no_reason_whose_deals_all_stand_further_up(cast, capsys):
    cast.deal("Gantry Works", close_date="2020-01-01", amount=money(33000))

    call_command("review", "agenda")

    lines = capsys.readouterr().out.splitlines()
    headings = [n for n, line in enumerate(lines) if line.endswith(")") and not line.startswith(" ")]
    assert headings
    assert all(lines[n + 1].startswith("  ") for n in headings)
