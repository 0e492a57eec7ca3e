"""The rules a business wants to give itself, each a behavior that is written only in YAML: opened, kept, and late."""

from datetime import timedelta

import pytest

from baton.map.publishing import publish
from baton.map.reading import read_map
from baton.work import exceptions, handoffs, moves, next_steps, notes, promises, watches
from baton.work.checking import check
from baton.work.models import Duty
from tests.cast import FIRM, HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PDF = ("q.pdf", "application/pdf", 9, "0" * 64, False, "")
CASES = {
    "answer an enquiry": ("interaction in from customer", "interaction out to same customer", "2 working hours"),
    "set a next step": ("next step missing", "next step set", "1 working day"),
    "log the outcome of a meeting": ("meeting planned", "meeting held", "same working day after its time"),
    "confirm a stale fact": ("fact stale key_holder", "fact confirmed key_holder", "1 working day"),
    "accept a handoff": ("handoff offered sales-operations", "handoff accepted or handoff returned", "1 working hour"),
    "keep a promise": ("promise made", "promise kept or promise broken", "at its time"),
    "chase a quote": (
        "no interaction in or approval in writing for 5 working days after document out quote",
        "interaction out to customer or deal lost",
        "1 working day",
    ),
    "act on a deal that stands still": ("no stage entered for 21 days", "stage entered or deal lost", "2 working days"),
    "review an exception": ("exception recorded", "exception reviewed", "5 working days"),
    "call who nobody has spoken to": (
        "no call out or call in or meeting held for 30 days",
        "call out or call in or meeting held",
        "2 working days",
    ),
    "ask for missing evidence": (
        "never document out quote for 1 working day after stage entered quoted",
        "document out quote",
        "1 working day",
    ),
}


class Firm:
    """One deal, and a map with one rule more."""

    def __init__(self, case: str) -> None:
        self.cast = Cast()
        opens, closes, within = CASES[case]
        rule = f"""
  made-up:
    opens: {opens}
    closes: {closes}
    owed_by: deal owner, else desk lead
    within: {within}
    if_forgotten: [remind at 75%, escalate to desk lead]
    so_that: it is tried out

decisions:"""
        publish(FIRM.replace("\ndecisions:", rule), by=None, at=MONDAY - DAY)
        self.deal = self.cast.deal(contact=self.cast.contact())

    @property
    def states(self) -> list[str]:
        rows = Duty.objects.unscoped("tests").filter(behavior="made-up").order_by("opened_at")
        return list(rows.values_list("state", flat=True))

    def sweep(self, days: float) -> list[str]:
        watches.notice(MONDAY + days * DAY)
        return self.states

    def quotes(self, days: float) -> None:
        told = {"files": (PDF,), "parts": {"documents": [{"kind": "quote"}]}}
        self.cast.mail(self.deal, "out", at=MONDAY + days * DAY, **told)


def test_answer_an_enquiry():
    firm = Firm("answer an enquiry")
    firm.cast.mail(firm.deal, at=MONDAY + HOUR)
    waiting = firm.states

    firm.cast.mail(firm.deal, "out", at=MONDAY + 2 * HOUR)

    assert (waiting, firm.states) == (["open"], ["closed"])


def test_set_a_next_step():
    firm = Firm("set a next step")
    waiting = firm.states

    next_steps.set_next(firm.deal, "ring", by=firm.cast.ana, at=MONDAY + HOUR)

    assert (waiting, firm.states) == (["open"], ["closed"])


def test_log_the_outcome_of_a_meeting():
    firm = Firm("log the outcome of a meeting")
    firm.cast.tell("deal", firm.deal.pk)
    from baton.ledger.entries import Author, NewInteraction
    from baton.ledger.recording import record

    filed = {"deal": str(firm.deal.pk), "contact": str(firm.deal.contact_id), "audience": "full"}
    planned = NewInteraction("meeting", "internal", "meeting", MONDAY + HOUR, text="x", trust="own", filed=filed,
                             parts={"planned": True})  # fmt: skip
    record(interactions=[planned], by=Author(firm.cast.ana), at=MONDAY)
    waiting = firm.states

    notes.log(firm.deal, "meeting", "They want it", by=firm.cast.ana, at=MONDAY + 3 * HOUR)

    assert (waiting, firm.states) == (["open"], ["closed"])


def test_accept_a_handoff_in_the_time_of_the_rule_and_be_asked_once():
    firm = Firm("accept a handoff")
    handoff = handoffs.offer(firm.deal, to="sales-operations", by=firm.cast.ana, at=MONDAY)
    waiting = firm.states
    asked = Duty.objects.unscoped("tests").filter(subject_id=handoff.pk).count()

    handoffs.accept(handoff, by=firm.cast.ben, at=MONDAY + HOUR)

    assert (waiting, asked, firm.states) == (["open"], 1, ["closed"])


def test_keep_a_promise():
    firm = Firm("keep a promise")
    promise = promises.make(firm.deal, "a price", by=firm.cast.ana, at=MONDAY, due_at=MONDAY + DAY)
    waiting = firm.states

    promises.keep(promise, by=firm.cast.ana, at=MONDAY + HOUR)

    assert (waiting, firm.states) == (["open"], ["closed"])


def test_chase_a_quote_that_nobody_answered():
    firm = Firm("chase a quote")
    firm.quotes(1)

    assert [firm.sweep(days) for days in (6, 9)] == [[], ["open"]]
    firm.cast.mail(firm.deal, "out", at=MONDAY + 9 * DAY + HOUR)
    assert [firm.states, firm.sweep(30)] == [["closed"], ["closed"]]
    assert check().differences == []


def test_a_quote_that_was_answered_is_chased_by_nobody_and_the_next_one_is():
    firm = Firm("chase a quote")
    firm.quotes(1)
    firm.cast.mail(firm.deal, at=MONDAY + 3 * DAY)
    answered = firm.sweep(20)

    firm.quotes(21)

    assert (answered, firm.sweep(22), firm.sweep(30)) == ([], [], ["open"])
    assert check().differences == []


def test_an_answer_that_comes_in_late_is_an_answer_all_the_same():
    firm = Firm("chase a quote")
    firm.quotes(1)
    firm.cast.mail(firm.deal, at=MONDAY + 2 * DAY, received=MONDAY + 7 * DAY)

    assert firm.sweep(9) == []


def test_act_on_a_deal_that_stands_still():
    firm = Firm("act on a deal that stands still")
    firm.cast.mail(firm.deal, "out", at=MONDAY + 10 * DAY)
    waiting = [firm.sweep(20), firm.sweep(22)]

    moves.move(firm.deal, "quoted", by=firm.cast.ana, at=MONDAY + 23 * DAY)

    assert (waiting, firm.states) == ([[], ["open"]], ["closed"])


def test_review_an_exception():
    firm = Firm("review an exception")
    case = exceptions.record_exception(firm.deal, "x", category="y", by=firm.cast.ana, at=MONDAY)
    waiting = firm.states

    exceptions.review(case, by=firm.cast.tomas, at=MONDAY + HOUR)

    assert (waiting, firm.states) == (["open"], ["closed"])


def test_call_a_customer_nobody_has_spoken_to():
    firm = Firm("call who nobody has spoken to")
    firm.cast.mail(firm.deal, "out", at=MONDAY + 20 * DAY)
    waiting = [firm.sweep(29), firm.sweep(31)]

    notes.log(firm.deal, "call", "All well", by=firm.cast.ana, at=MONDAY + 32 * DAY)

    assert (waiting, firm.states) == ([[], ["open"]], ["closed"])


def test_ask_for_missing_evidence():
    firm = Firm("ask for missing evidence")
    moves.move(firm.deal, "quoted", by=firm.cast.ana, at=MONDAY + HOUR)
    waiting = [firm.sweep(0.5), firm.sweep(2)]

    firm.quotes(3)

    assert (waiting, firm.states) == ([[], ["open"]], ["closed"])
    assert check().differences == []


def test_evidence_that_was_there_before_is_not_asked_for():
    firm = Firm("ask for missing evidence")
    firm.quotes(0.1)
    moves.move(firm.deal, "quoted", by=firm.cast.ana, at=MONDAY + 5 * HOUR)

    assert firm.sweep(4) == []


@pytest.mark.parametrize("case", CASES)
def test_each_rule_can_be_said_in_words(case):
    opens, closes, within = CASES[case]
    rule = f"\n  made-up: {{opens: {opens}, closes: {closes}, owed_by: deal owner, within: {within}, so_that: x}}\n"
    drawn, problems = read_map(FIRM.replace("\ndecisions:", f"{rule}\ndecisions:"))

    assert drawn, problems
    behavior = drawn.behaviors["made-up"]
    assert all((behavior.opens.sentence, behavior.closes.sentence, str(behavior.within) == within))


def test_never_says_since_when():
    rule = (
        "{opens: never document out quote for 2 days, closes: meeting held, owed_by: owner, within: 1 day, so_that: x}"
    )
    _drawn, problems = read_map(FIRM.replace("\ndecisions:", f"\n  made-up: {rule}\n\ndecisions:"))

    assert "doesn’t say since when" in str(problems[0])


def test_a_late_rule_is_rehearsed_as_it_runs():
    from baton.map.current import current_map
    from baton.work.rehearsing import rehearse

    firm = Firm("chase a quote")
    firm.quotes(1)
    firm.cast.mail(fresh(firm.deal), at=MONDAY + 3 * DAY)
    firm.quotes(21)
    for days in range(30):
        firm.sweep(days)
    firm.quotes(31)
    for days in range(32, 45):
        firm.sweep(days)

    found = rehearse(current_map(), since=MONDAY - DAY, until=MONDAY + 45 * DAY, only=["made-up"])
    before = rehearse(current_map(), since=MONDAY + 22 * DAY, until=MONDAY + 45 * DAY, only=["made-up"])
    assert (len(found.tallies[0].cases), len(before.tallies[0].cases)) == (len(firm.states), len(firm.states))
    assert len(firm.states) == 2
