"""What is true already, found in headings: who waits, how long answers take, who passes work to whom."""

from datetime import UTC, datetime, time, timedelta

import pytest

from baton.channels.first_look.drafting import propose, reasons_for
from baton.channels.first_look.finding import Findings, find
from baton.channels.first_look.glancing import Note, glance
from baton.channels.first_look.ourselves import desk_of, us_in
from baton.channels.first_look.trades import nearest_trade, trades_in
from baton.map.reading import read_map
from baton.map.ready import ready_map
from baton.members.hours import weekdays
from tests.channels.first_look.letters import letter

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=4)
HOUR = timedelta(hours=1)
HOURS = weekdays("UTC", time(9), time(17))
ANA, BEN, INFO = "Ana <ana@vidik.example>", "Ben <ben@vidik.example>", "info@vidik.example"
DANA, IVO = "Dana <dana@marlowe.example>", "Ivo <ivo@gmail.com>"


def found_in(*letters: bytes, at: datetime = NOW) -> Findings:
    return find([glance(each) for each in letters], mine="ana@vidik.example", hours=HOURS, at=at)


def test_a_customer_s_last_word_waits_until_one_of_us_follows_it():
    found = found_in(
        letter(DANA, ANA, "Site visit", MONDAY, 1),
        letter(ANA, DANA, "Re: Site visit", MONDAY + 3 * HOUR, 2, 1),
        letter(IVO, ANA, "Roof", MONDAY + 5 * HOUR, 3),
    )

    assert [(case.who, case.subject, case.hours) for case in found.waiting] == [("Ivo", "Roof", 27.0)]
    assert [(case.who, case.hours, case.by) for case in found.answers] == [("Dana", 3.0, "Ana")]
    assert (found.waiting_count, found.answers_count, found.enquiries) == (1, 1, 2)


def test_an_answer_from_a_colleague_is_an_answer_and_one_without_a_reference_is_known_by_its_subject():
    found = found_in(
        letter(DANA, INFO, "Site visit", MONDAY, 1),
        letter(BEN, DANA, "AW: Site visit", MONDAY + 2 * HOUR, 2),
    )

    assert found.waiting == []
    assert [(case.hours, case.by) for case in found.answers] == [(2.0, "Ben")]


def test_a_bare_thanks_waits_for_nothing_and_nor_does_a_machine():
    thanks = letter(DANA, ANA, "Re: Site visit", MONDAY + 5 * HOUR, 3, 1).replace(
        b"Some words of a person.", b"Thanks!"
    )
    machine = letter("noreply@bank.example", ANA, "Your statement", MONDAY, 4).replace(
        b"From:", b"Auto-Submitted: auto-generated\nPrecedence: bulk\nFrom:", 1
    )

    assert found_in(letter(ANA, DANA, "Site visit", MONDAY, 1), thanks, machine).waiting == []


def test_who_writes_again_and_again_about_something_else_and_is_never_written_to_waits_for_nothing():
    news = [letter("Deals <news@shop.example>", ANA, f"Offer {n}", MONDAY + n * HOUR, 10 + n) for n in range(5)]
    patient = [letter(IVO, ANA, "Roof", MONDAY, 20), letter(IVO, ANA, "Re: Roof", MONDAY + HOUR, 21, 20)]
    known = [letter(DANA, ANA, f"Site {n}", MONDAY + n * HOUR, 30 + n) for n in range(5)]
    answer = letter(ANA, DANA, "Re: Site 0", MONDAY + 9 * HOUR, 40, 30)

    found = found_in(*news, *patient, *known, answer)

    assert [case.who for case in found.waiting] == ["Ivo", "Dana"]
    assert found.waiting_count == 2


def test_typical_is_the_middle_and_eight_of_ten_are_within_the_other():
    letters = []
    for number, hours in enumerate((1, 2, 3, 4, 5)):
        who = f"c{number}@customer{number}.example"
        letters.append(letter(who, ANA, f"Question {number}", MONDAY, 10 * number + 1))
        letters.append(letter(ANA, who, "Re", MONDAY + hours * HOUR, 10 * number + 2, 10 * number + 1))

    found = found_in(*letters)

    assert (found.median_hours, found.p80_hours) == (3.0, 4.0)


def test_mail_changes_hands_where_it_is_passed_on_or_answered_by_another():
    found = found_in(
        letter(DANA, ANA, "Site visit", MONDAY, 1),
        letter(ANA, BEN, "Fwd: Site visit", MONDAY + HOUR, 2, 1),
        letter(BEN, DANA, "Re: Site visit", MONDAY + 2 * HOUR, 3, 1),
        letter(IVO, INFO, "Roof", MONDAY, 4),
        letter(BEN, IVO, "Re: Roof", MONDAY + HOUR, 5, 4),
    )

    assert [(each.giver, each.taker, each.count) for each in found.passings] == [
        ("ana@vidik.example", "ben@vidik.example", 1),
        ("info@vidik.example", "ben@vidik.example", 1),
    ]


def test_quotes_invoices_and_visits_are_known_by_headings_and_names_of_files():
    found = found_in(
        letter(BEN, DANA, "As discussed", MONDAY, 1, 0, "Quote Q-0412.pdf"),
        letter(ANA, DANA, "Rechnung 2026-17", MONDAY, 2),
        letter(DANA, ANA, "Besichtigung am Freitag", MONDAY, 3),
    )

    assert {kind: (each.sent, each.received) for kind, each in found.papers.items()} == {
        "quote": (1, 0),
        "invoice": (1, 0),
        "meeting": (0, 1),
    }
    assert found.papers["quote"].by == {"ben@vidik.example": 1}


def test_only_ninety_days_count_and_an_old_mailbox_ends_on_its_own_last_day():
    old = letter(DANA, ANA, "Long ago", MONDAY - timedelta(days=200), 1)
    new = letter(DANA, ANA, "Lately", MONDAY, 2)

    assert found_in(old, new).read == 1
    assert found_in(old).is_old
    assert [case.subject for case in found_in(old).waiting] == ["Long ago"]


def test_somebody_else_s_mailbox_is_read_as_theirs():
    notes = [glance(letter(DANA, "kay@enron.example", "Gas", MONDAY, number)) for number in (1, 2)]

    us = us_in([*notes, glance(letter("kay@enron.example", IVO, "Gas", MONDAY, 3))], "ana@vidik.example")

    assert (us.box, us.includes("jeff@enron.example"), us.includes("dana@marlowe.example")) == (
        "kay@enron.example",
        True,
        False,
    )


def test_who_writes_from_free_mail_has_no_colleagues_there():
    us = us_in([glance(letter(DANA, IVO, "Roof", MONDAY, 1))], "ivo@gmail.com")

    assert (us.includes("ivo@gmail.com"), us.includes("somebody@gmail.com")) == (True, False)


@pytest.mark.parametrize(
    ("address", "desk"),
    [("hello@a.example", "intake"), ("buchhaltung@a.example", "billing"), ("racuni@a.hr", "billing"), ("ana@a.hr", "")],
)
def test_a_shared_address_is_the_mail_of_a_desk(address, desk):
    assert desk_of(address) == desk


def test_the_nearest_ready_map_is_the_one_that_headings_speak_for():
    assert nearest_trade(trades_in(["Roof and key", "Site survey"])) == "facilities"
    assert nearest_trade(trades_in(["Klage vor Gericht", "Ročište u srijedu"])) == "law-firm"
    assert nearest_trade(trades_in(["Kampagne", "New logo"])) == "agency"
    assert nearest_trade(trades_in(["Hello"])) == ""
    assert nearest_trade(trades_in(["Roof", "Court"])) == ""


def test_what_is_kept_reads_back_as_it_was():
    found = found_in(letter(DANA, ANA, "Quote 12", MONDAY, 1), letter(ANA, DANA, "Re: Quote 12", NOW, 2, 1))

    assert Findings.from_data(found.as_data()) == found


def test_nothing_at_all_is_found_in_nothing():
    assert find([], mine="ana@vidik.example", hours=HOURS, at=NOW).read == 0
    assert find([Note(*glance(letter(DANA, ANA, "x", NOW + HOUR, 1)))], mine="a@b.hr", hours=HOURS, at=NOW).read == 0


# The draft


def test_the_time_to_answer_is_what_eight_of_ten_keep_today():
    letters = []
    for number in range(5):
        who = f"c{number}@customer{number}.example"
        letters.append(letter(who, ANA, f"Question {number}", MONDAY, 10 * number + 1))
        letters.append(letter(ANA, who, "Re", MONDAY + 3 * HOUR, 10 * number + 2, 10 * number + 1))

    proposal = propose(found_in(*letters))

    assert proposal.within == "4 working hours"
    assert "within 3 working hours today" in proposal.within_because


def test_who_sends_the_quotes_is_proposed_for_sales_and_who_passes_mail_on_for_intake_each_with_the_reason():
    proposal = propose(
        found_in(
            letter(DANA, ANA, "Site visit", MONDAY, 1),
            letter(ANA, BEN, "Fwd: Site visit", MONDAY + HOUR, 2, 1),
            letter(BEN, DANA, "Quote Q-12", MONDAY + 2 * HOUR, 3),
            letter(IVO, INFO, "Roof", MONDAY, 4),
        )
    )

    assert proposal.leads == {
        "sales": ("ben@vidik.example", "sent 1 of the quotes"),
        "intake": ("ana@vidik.example", "passed 1 customer’s mail on"),
    }
    assert proposal.captures == {"intake": "info"}
    assert proposal.flow["facts_begin"] == "In mail to info@vidik.example."


def test_every_stage_says_what_speaks_for_it_or_that_nothing_does():
    drawn, _ = read_map(ready_map("facilities", "ana@vidik.example", "Vidik"))
    found = found_in(letter(DANA, ANA, "Roof", MONDAY, 1), letter(BEN, DANA, "Quote Q-12", MONDAY, 2))

    reasons = reasons_for(drawn, found)

    assert reasons["enquiry"] == "1 conversation was begun by a customer"
    assert reasons["quoted"] == "1 was sent"
    assert reasons["renewal"] == "the ready map has it; nothing in the mail shows it yet"
