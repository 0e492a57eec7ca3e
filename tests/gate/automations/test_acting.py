"""An automation acts once on what is true, says why where it isn't, and goes on by itself when it is settled."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from baton.capture.models import Twins
from baton.channels.email.sending import keep_copy
from baton.gate.automations import acting, settling, switching
from baton.gate.automations.models import AutomationRun
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Event, Interaction
from baton.ledger.recording import record
from baton.work import handoffs, questions
from baton.work.models import Duty, Handoff, Question
from tests.cast import FIRM, HOUR, MINUTE, MONDAY, TUESDAY, fresh
from tests.gate.automations.scene import (
    ACKNOWLEDGE,
    act,
    enquiry,
    firm,
    mail_of,
    outbox,
    redraw,
    runs,
    states,
    switch_on,
    tell,
    wrote,
)

pytestmark = pytest.mark.django_db
LATER = MONDAY + MINUTE
NEXT = """
automations:
  plan:
    when: fact confirmed amount
    do:
      next_step: {what: "Ring {contact} about {amount}", within: 1 working day}
    so_that: nobody waits
"""


def test_an_enquiry_is_acknowledged_once_in_the_owners_name_and_marked_as_automatic():
    cast = firm()
    cast.mail(enquiry(cast), at=MONDAY)

    [run] = act(LATER)
    act(LATER)

    [row] = outbox()
    mail = mail_of(row)
    assert (run.state, run.acted_at) == ("acted", LATER)
    assert (mail["From"], mail["To"]) == ("Ana Horvat <ana@lime.example>", "Dana Whitlock <dana@marlowe.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == ["Dear Dana,", "", "Ana Horvat looks at it."]
    assert [(one["field"], one["state"]) for one in run.knew] == [
        ("sender", "confirmed"),
        ("contact", "confirmed"),
        ("contact.email", "confirmed"),
        ("stage", "confirmed"),
    ]


def test_what_it_sends_closes_no_duty_and_proves_no_stage():
    cast = firm()
    deal = enquiry(cast)
    cast.mail(deal, at=MONDAY)
    act()
    [row] = outbox()
    row.sent_at, row.sent_as = LATER, "<1@lime.example>"

    keep_copy(row, LATER)

    copy = Interaction.objects.unscoped("tests").get(direction="out")
    owed = Duty.objects.unscoped("tests").get(behavior="answer-enquiry")
    assert (copy.deal_id, copy.automatic, copy.trust) == (deal.pk, "auto-reply", "own")
    assert not Event.objects.unscoped("tests").filter(interaction=copy.pk).exists()
    assert owed.state == "open"


def test_nothing_acts_before_it_is_switched_on_and_nothing_once_everything_is_stopped():
    cast = firm(on=False)
    deal = enquiry(cast)
    cast.mail(deal, at=MONDAY)
    assert act() == []

    switch_on(cast, "acknowledge", MONDAY)
    cast.mail(deal, at=LATER)
    switching.stop_all(by=cast.mia, at=LATER)
    act(LATER)
    assert states() == ["waiting"]

    switching.go_on(by=cast.tomas, at=LATER)
    act(LATER)
    assert states() == ["acted"]


def test_no_map_no_automation():
    assert acting.act_due(lambda: MONDAY) == 0


def test_another_rule_in_the_map_has_to_be_rehearsed_before_it_acts():
    cast = firm()
    redraw(FIRM + ACKNOWLEDGE.replace("looks at it", "rings you tomorrow"), MONDAY - HOUR)

    cast.mail(enquiry(cast), at=MONDAY)

    assert act() == []


def test_a_fact_that_falls_short_is_named_asked_about_once_and_acted_on_once_when_it_is_confirmed():
    cast = firm(NEXT.replace("    so_that", "    relies_on: {key_holder: {fresh_for: 30 days}}\n    so_that"))
    deal = enquiry(cast, at=MONDAY - timedelta(days=60))
    tell(deal, MONDAY - timedelta(days=40), by=cast.ana, key_holder="Colin Hart")
    tell(deal, MONDAY, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    tell(deal, LATER, by=cast.ana, amount={"minor": 510000, "currency": "GBP"})

    first, second = act(LATER)

    assert (first.state, first.field, first.gap) == ("refused", "key_holder", "stale")
    assert first.because == "Key holder, Colin Hart, is 40 days old and stays fresh for 30."
    [asked] = Question.objects.unscoped("tests").all()
    assert (asked.asked_of, asked.about_field, asked.answered_at) == (cast.ana, "key_holder", None)
    assert (first.question, second.question) == (asked.pk, asked.pk)
    assert Duty.objects.unscoped("tests").get(subject_kind="question").owed_by == cast.ana

    questions.answer(asked, "Colin Hart", by=cast.ana, at=TUESDAY)
    act(TUESDAY)

    assert states() == ["acted", "acted"]
    assert fresh(deal).next_step == "Ring Dana Whitlock about £5,100"


@pytest.mark.parametrize(
    ("dirt", "gap"),
    [
        ({"status": "suggested"}, "suggested"),
        ({}, "missing"),
    ],
)
def test_what_nobody_confirmed_is_not_acted_on(dirt, gap):
    cast = firm(NEXT.replace("    so_that", "    relies_on: {scope: }\n    so_that"))
    deal = enquiry(cast)
    if dirt:
        record([Entry("deal", deal.pk, "scope", "Windows", **dirt)], by=Author(None, "email"), at=MONDAY)
    tell(deal, MONDAY, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})

    [run] = act(LATER)

    assert (run.state, run.field, run.gap) == ("refused", "scope", gap)


def test_a_value_that_something_else_was_said_of_is_settled_by_a_person_on_the_run():
    cast = firm(NEXT)
    deal = enquiry(cast)
    tell(deal, MONDAY, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    other = Entry("deal", deal.pk, "amount", {"minor": 400000, "currency": "GBP"}, status="suggested")
    record([other], by=Author(None, "email"), at=MONDAY)
    [run] = act(LATER)
    assert (run.state, run.field, run.gap) == ("refused", "amount", "disputed")

    settling.confirm(run, by=cast.ana, at=TUESDAY)
    act(TUESDAY)

    assert states() == ["acted", "acted"]  # the amount that was confirmed anew sets it off again
    assert Question.objects.unscoped("tests").get().answer == "It is settled."


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"parts": {"doubtful": "failed"}}, "the mail server says that its sender is forged"),
        ({"sender": "dana@elsewhere.example"}, "it came from an address that isn’t known to be theirs"),
    ],
)
def test_a_sender_who_may_be_forged_gets_no_answer_until_somebody_stands_in(sent, why):
    cast = firm()
    wrote(enquiry(cast), **sent)

    [run] = act()
    assert (run.state, run.field, outbox()) == ("refused", "sender", [])
    assert run.because.endswith(f"wrote it: {why}.")

    settling.confirm(run, by=cast.ana, at=LATER)
    [run] = act(LATER)
    assert (run.state, run.vouched) == ("acted", ["sender"])


def test_a_contact_who_may_be_in_baton_twice_is_not_written_to():
    cast = firm()
    deal = enquiry(cast)
    other = cast.contact("Dana Witlock", "dana@marlow.example")
    Twins.objects.create(kind="contact", one=deal.contact_id, other=other.pk, likely=0.9, found_at=MONDAY)

    wrote(deal)

    [run] = act()
    assert run.because == "Dana Whitlock may be in Baton twice: Dana Witlock may be the same."


def test_a_run_is_left_when_its_condition_does_not_hold_and_says_which():
    cast = firm()
    deal = enquiry(cast, stage="quoted")

    cast.mail(deal, at=MONDAY)

    [run] = act()
    assert (run.state, run.because) == ("left", "It doesn’t hold: Stage is Enquiry.")


def test_nobody_is_written_to_twice_a_day_nor_twice_about_the_same():
    cast = firm()
    deal = enquiry(cast)
    cast.mail(deal, at=MONDAY)
    act(LATER)
    cast.mail(deal, at=MONDAY + HOUR)

    act(TUESDAY - HOUR * 5)

    assert states() == ["acted", "left"]
    assert runs()[1].because == "Dana Whitlock had an automatic message within a day: Acknowledge an enquiry."
    assert len(outbox()) == 1


def test_automatic_mail_sets_nothing_off():
    cast = firm()

    cast.mail(enquiry(cast), at=MONDAY, automatic="auto-reply")

    assert act() == []


def test_what_an_automation_did_sets_none_off():
    cast = firm(
        NEXT
        + """  answer:
    when: next step set
    do: {next_step: {what: Think again}}
    so_that: two chase each other
"""
    )
    deal = enquiry(cast)

    tell(deal, MONDAY, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    act(LATER)

    assert [(run.automation, run.state) for run in runs()] == [("plan", "acted")]


def test_it_acts_as_often_a_day_as_it_may_and_goes_on_the_next():
    cast = firm(NEXT.replace("    so_that", "    at_most: 1 a day\n    so_that"))
    for title in ("One", "Two"):
        tell(cast.deal(title, contact=cast.contact()), by=cast.ana, amount={"minor": 500000, "currency": "GBP"})

    act(LATER)
    assert sorted(states()) == ["acted", "waiting"]

    act(TUESDAY)
    assert states() == ["acted", "acted"]


def test_an_error_in_the_middle_leaves_nothing_behind_and_it_acts_once_afterwards(monkeypatch):
    cast = firm(NEXT)
    deal = enquiry(cast)
    tell(deal, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})

    def killed(run, at):
        raise OSError("killed")

    monkeypatch.setattr(acting.refusing, "settled", killed)
    act(LATER)
    assert (states(), fresh(deal).next_step) == (["waiting"], "")

    monkeypatch.undo()
    act(LATER + HOUR)
    assert (states(), fresh(deal).next_step) == (["acted"], "Ring Dana Whitlock about £5,000")


def test_what_was_done_is_undone_as_far_as_it_can_be():
    cast = firm(NEXT)
    deal = enquiry(cast)
    tell(deal, MONDAY - HOUR, by=cast.ana, next_step={"what": "Wait", "at": None, "by": str(cast.ana.pk)})
    tell(deal, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    [run] = act(LATER)
    assert fresh(deal).next_step == "Ring Dana Whitlock about £5,000"

    settling.undo(run, by=cast.ana, at=LATER)

    assert (fresh(deal).next_step, fresh(run).state) == ("Wait", "undone")
    with pytest.raises(Refusal, match="nothing to undo"):
        settling.undo(run, by=cast.ana, at=LATER)


def test_a_message_is_taken_back_until_it_was_sent():
    cast = firm()
    cast.mail(enquiry(cast), at=MONDAY)
    [run] = act()

    settling.undo(run, by=cast.ana, at=LATER)

    assert (outbox()[0].state, fresh(run).state) == ("taken-back", "undone")


@pytest.mark.parametrize("other", ["leave", "confirm"])
def test_of_two_who_settle_a_run_at_the_same_moment_the_second_is_told_that_it_is_settled(other, monkeypatch):
    cast = firm(NEXT.replace("    so_that", "    relies_on: {key_holder: {fresh_for: 30 days}}\n    so_that"))
    deal = enquiry(cast, at=MONDAY - timedelta(days=60))
    tell(deal, MONDAY - timedelta(days=40), by=cast.ana, key_holder="Colin Hart")
    tell(deal, MONDAY, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    [run] = act(LATER)

    @contextmanager
    def after_somebody_else():
        monkeypatch.setattr(settling, "writing", writing)
        settling.leave(run, by=cast.tomas, at=TUESDAY)
        with writing():
            yield

    monkeypatch.setattr(settling, "writing", after_somebody_else)

    with pytest.raises(Refusal, match="settled already"):
        getattr(settling, other)(run, by=cast.ana, at=TUESDAY)
    assert (fresh(run).state, fresh(run).because) == ("left", "Tomas Okafor left it.")


def test_only_a_member_who_may_write_settles_and_undoes():
    cast = firm()
    cast.mail(enquiry(cast), at=MONDAY)
    [run] = act()

    with pytest.raises(Refusal, match="read only"):
        settling.undo(run, by=cast.rita, at=MONDAY)


HAND_OVER = """
automations:
  hand-over:
    when: stage entered agreed
    if: [stage is agreed]
    do: {handoff: sales-operations}
    so_that: it begins
"""


def test_a_deal_is_handed_over_when_the_last_item_of_the_packet_is_there():
    cast = firm(HAND_OVER)
    deal = enquiry(cast, stage="quoted")
    proof = cast.mail(deal, at=MONDAY - HOUR)
    shown = Entry("interaction", proof.pk, "shows", {"kind": "approval", "detail": ""})
    record([shown], by=Author(cast.ana), at=MONDAY)
    tell(deal, by=cast.ana, stage="agreed", status="won", scope="Windows", amount={"minor": 1, "currency": "GBP"})
    tell(deal, by=cast.ana, key_holder="Colin")
    act(LATER)
    assert [(run.state, run.field) for run in runs()] == [("refused", "start_date")]

    tell(deal, TUESDAY, by=cast.ana, start_date="2026-12-01")
    act(TUESDAY)

    [handoff] = Handoff.objects.unscoped("tests").all()
    assert (states(), handoff.state, handoff.offered_by) == (["acted"], "offered", cast.ana)
    handoffs.accept(handoff, by=cast.ben, at=TUESDAY + HOUR)
    assert fresh(deal).desk == "operations"


def test_a_stage_that_is_only_said_is_not_acted_on():
    cast = firm(HAND_OVER)
    deal = enquiry(cast, stage="quoted")

    tell(deal, by=cast.ana, stage="agreed", status="won")

    [run] = act(LATER)
    assert (run.state, run.field, run.gap) == ("refused", "stage", "unshown")


RENEW = """
automations:
  renew:
    when: fact confirmed start_date
    acts: 90 days before start_date
    do:
      duty: {what: "Open the renewal of {deal}", owed_by: lead of operations}
    so_that: nothing ends
"""


def test_a_duty_is_opened_ninety_days_before_a_date_and_not_where_the_date_was_changed():
    cast = firm(RENEW)
    deal, other = enquiry(cast), cast.deal("Other", contact=cast.contact("Mark", "mark@marlowe.example"))
    tell(deal, by=cast.ana, start_date="2027-06-01")
    tell(other, by=cast.ana, start_date="2027-06-01")
    tell(other, LATER, by=cast.ana, start_date="2028-06-01")
    act(TUESDAY)
    assert set(states()) == {"waiting"}

    act(MONDAY + timedelta(days=108))

    assert sorted(states()) == ["acted", "left", "waiting"]
    [asked] = Question.objects.unscoped("tests").all()
    assert (asked.text, asked.asked_of) == ("Open the renewal of Quayside Tower", cast.ben)


def test_dates_that_are_known_when_it_is_switched_on_are_waited_for_too():
    cast = firm(RENEW, on=False)
    tell(enquiry(cast), by=cast.ana, start_date="2027-06-01")

    switch_on(cast, "renew", LATER)

    [run] = AutomationRun.objects.unscoped("tests").all()
    assert run.acts_at.date().isoformat() == "2027-03-03"


def test_it_acts_only_on_deals_that_whoever_switched_it_on_may_see():
    cast = firm(NEXT)
    deal = enquiry(cast)
    tell(deal, by=cast.ana, amount={"minor": 500000, "currency": "GBP"})
    tell(deal, LATER, by=cast.tomas, status="void")

    [run] = act(LATER)

    assert (run.state, run.because) == ("left", "Whoever switched it on may not see this deal.")
