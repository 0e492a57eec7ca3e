"""Moving a deal: the work wins, and only what can be observed is shown."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.kernel.verdict import Conflict, Refusal
from baton.ledger.entries import Author, NewInteraction, said
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.ledger.showing import may_show
from baton.work import moves, next_steps
from baton.work.models import Duty, ExceptionCase, Handoff, Question
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def test_a_move_without_evidence_saves_and_the_stage_is_only_said(cast, deal):
    moved = moves.move(deal, "quoted", by=cast.ana, at=TUESDAY)

    assert (moved.deal.stage, moved.deal.shown, moved.shown) == ("quoted", False, False)


def test_a_move_to_a_stage_that_mail_has_shown_already_is_shown(cast, deal):
    quote = ("quote.pdf", "application/pdf", 9, "0" * 64, False, "")
    cast.mail(deal, "out", parts={"documents": [{"kind": "quote", "number": ""}]}, files=(quote,))

    assert moves.move(deal, "quoted", by=cast.ana, at=TUESDAY).shown is True


def test_a_customer_s_mail_picked_on_the_spot_shows_an_approval(cast, deal):
    mail = cast.mail(deal, text="Yes, go ahead.")

    moved = moves.move(deal, "agreed", by=cast.ana, at=TUESDAY, evidence=mail.pk)

    assert (moved.shown, fresh(deal).evidence["agreed"]["interaction"]) == (True, str(mail.pk))


@pytest.mark.parametrize(
    ("kind", "direction", "automatic"),
    [
        ("email", "out", ""),
        ("call", "in", ""),
        ("note", "internal", ""),
        ("meeting", "internal", ""),
        ("email", "in", "auto-reply"),
    ],
)
def test_what_is_not_the_customer_s_own_writing_saves_the_move_but_shows_no_approval(
    cast, deal, kind, direction, automatic
):
    one = NewInteraction(kind, direction, "x", MONDAY, text="ok", automatic=automatic, trust="own", filed=_on(deal))
    record(interactions=[one], by=Author(None, "email"), at=MONDAY)

    moved = moves.move(deal, "agreed", by=cast.ana, at=TUESDAY, evidence=one.id)

    assert (moved.deal.stage, moved.shown, bool(moved.not_shown_because)) == ("agreed", False, True)


def test_a_message_filed_on_another_deal_shows_nothing_here(cast, deal):
    other = cast.deal("Other")
    mail = cast.mail(other)

    moved = moves.move(deal, "agreed", by=cast.ana, at=TUESDAY, evidence=mail.pk)

    assert (moved.shown, moved.not_shown_because) == (
        False,
        "That message isn’t filed on this deal. File it here first.",
    )


def test_a_message_that_the_member_may_not_read_shows_nothing(cast, deal):
    filed = {"deal": str(deal.pk), "audience": "subject"}
    one = NewInteraction("email", "in", "email", MONDAY, text="yes", filed=filed)
    record(interactions=[one], by=Author(None, "email"), at=MONDAY)

    assert moves.move(deal, "agreed", by=cast.ana, at=TUESDAY, evidence=one.id).shown is False


SHOWING = [
    # what it is to show, kind, direction, files, trust, may it
    ("approval", "email", "in", 0, "unverified", True),
    ("approval", "text", "in", 0, "unverified", True),
    ("approval", "chat", "in", 0, "unverified", True),
    ("approval", "document", "in", 0, "unverified", True),
    ("approval", "call", "in", 0, "own", False),
    ("approval", "note", "internal", 1, "own", False),
    ("approval", "email", "out", 1, "own", False),
    ("document.out", "email", "out", 1, "own", True),
    ("document.out", "email", "out", 1, "unverified", False),
    ("document.out", "email", "out", 0, "own", False),
    ("document.out", "email", "in", 1, "own", False),
    ("document.in", "email", "in", 1, "unverified", True),
    ("document.in", "email", "in", 0, "unverified", False),
    ("meeting.held", "meeting", "internal", 0, "own", True),
    ("meeting.held", "note", "internal", 1, "own", False),
    ("start.booked", "email", "in", 0, "unverified", True),
    ("start.booked", "email", "out", 0, "unverified", False),
    ("start.booked", "note", "internal", 0, "own", False),
    ("work.done", "note", "internal", 0, "own", False),
    ("work.done", "note", "internal", 1, "own", True),
    ("payment.in", "note", "internal", 0, "own", False),
    ("handoff.accepted", "email", "in", 1, "own", False),
    ("fact.confirmed", "email", "in", 1, "own", False),
    ("conflict.cleared", "email", "in", 1, "own", False),
]


@pytest.mark.parametrize(("what", "kind", "direction", "files", "trust", "may"), SHOWING)
def test_what_an_interaction_can_be_the_evidence_of(what, kind, direction, files, trust, may):
    one = Interaction(kind=kind, direction=direction, files_count=files, trust=trust, happened_at=MONDAY)

    assert (may_show(one, what).answer == "allow") is may


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    channel=st.sampled_from(["screen", "import", "api", "quick", "email", "automation", "spreadsheet"]),
    stage=st.sampled_from(["visited", "quoted", "agreed", "mobilising"]),
    member=st.booleans(),
    shows=st.sampled_from(["approval", "document.out", "meeting.held", "start.booked", "handoff.accepted"]),
    direction=st.sampled_from(["internal", "out"]),
)
def test_no_channel_can_make_said_look_like_shown(channel, stage, member, shows, direction):
    cast = _cast_once()
    deal = cast.deal()
    author = Author(cast.ana if member else None, channel)
    note = NewInteraction("note", direction, channel, MONDAY, text="they said yes", filed=_on(deal))
    record(said("deal", deal.pk, stage=stage, status="won"), interactions=[note], by=author, at=TUESDAY)

    with pytest.raises(Refusal):
        record(said("interaction", note.id, shows={"kind": shows, "detail": ""}), by=author, at=TUESDAY)

    assert fresh(deal).shown is False


def test_an_import_of_a_field_shows_no_stage_that_the_field_would_show(cast):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    publish(FIRM.replace("entered_by: start booked", "entered_by: fact confirmed start_date"), by=None, at=MONDAY)
    told, imported = cast.deal("Told"), cast.deal("Imported")
    record(said("deal", told.pk, start_date="2026-12-01"), by=Author(cast.ana), at=TUESDAY)
    record(said("deal", imported.pk, start_date="2026-12-01"), by=Author(cast.ana, "import"), at=TUESDAY)

    assert ("mobilising" in fresh(told).evidence, "mobilising" in fresh(imported).evidence) == (True, False)


def test_a_reason_for_a_missing_evidence_becomes_an_exception(cast, deal):
    moves.move(deal, "agreed", by=cast.ana, at=TUESDAY, because="He said yes on the phone.")

    [case] = ExceptionCase.objects.unscoped("tests")
    assert (case.reason, case.about, case.decided_by, fresh(deal).shown) == (
        "He said yes on the phone.",
        "stage:agreed",
        cast.ana,
        False,
    )


@pytest.mark.parametrize(
    ("who", "may"), [("tomas", True), ("ana", True), ("bram", True), ("ben", True), ("rita", False)]
)
def test_who_may_move_a_deal_that_everyone_sees(cast, deal, who, may):
    assert _allowed(lambda: moves.move(deal, "visited", by=getattr(cast, who), at=TUESDAY)) is may


@pytest.mark.parametrize(
    ("who", "may"), [("tomas", True), ("ana", True), ("bram", False), ("ben", False), ("mia", False), ("rita", False)]
)
def test_who_may_move_a_deal_where_everyone_sees_their_own(who, may):
    cast = Cast(visibility="own")
    deal = cast.deal()

    assert _allowed(lambda: moves.move(deal, "visited", by=getattr(cast, who), at=TUESDAY)) is may


def test_an_unknown_stage_and_a_conflicting_edit_are_refused(cast, deal):
    with pytest.raises(Refusal, match="no stage “gone”"):
        moves.move(deal, "gone", by=cast.ana, at=TUESDAY)
    with pytest.raises(Conflict):
        moves.move(deal, "visited", by=cast.ana, at=TUESDAY, expected=deal.version - 1)
    assert fresh(deal).stage == "enquiry"


def test_a_stage_that_wins_makes_the_deal_won_and_moving_back_opens_it_again(cast, deal):
    moves.move(deal, "agreed", by=cast.ana, at=TUESDAY)
    won = fresh(deal).status
    moves.move(deal, "visited", by=cast.ana, at=TUESDAY + HOUR)

    assert (won, fresh(deal).status) == ("won", "open")


def test_a_stage_after_the_winning_one_is_won_as_well(cast, deal):
    assert moves.move(deal, "mobilising", by=cast.ana, at=TUESDAY).deal.status == "won"


def test_a_move_across_the_border_of_a_desk_leaves_the_deal_where_it_lies_and_asks_for_the_handoff(cast, deal):
    moved = moves.move(deal, "mobilising", by=cast.ana, at=TUESDAY)

    assert (moved.deal.stage, moved.deal.desk, moved.deal.owner, moved.to_hand_over, moved.handoff) == (
        "mobilising",
        "sales",
        cast.ana,
        "sales-operations",
        None,
    )


def test_somebody_who_is_both_desks_passes_on_at_once_by_checklist(cast):
    from baton.members.models import DeskSeat

    DeskSeat.objects.create(member=cast.ben, desk="sales")
    deal = cast.deal(owner=cast.ben)

    moved = moves.move(deal, "mobilising", by=cast.ben, at=TUESDAY)

    assert (moved.deal.desk, moved.deal.owner, moved.handoff.state, moved.handoff.to_self) == (
        "operations",
        cast.ben,
        "accepted",
        True,
    )


def test_a_stage_that_opens_a_linked_deal_opens_it_once(cast):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    renewing = FIRM.replace(
        "entered_by: start booked}",
        "entered_by: start booked}\n"
        "  renewal: {desk: operations, entered_by: meeting held, opens: linked deal at sales}",
    )
    publish(renewing, by=None, at=MONDAY)
    deal = cast.deal(company=cast.company())

    first = moves.move(deal, "renewal", by=cast.ana, at=TUESDAY)
    again = moves.move(deal, "renewal", by=cast.ana, at=TUESDAY + HOUR)

    assert (first.opened.opened_from_id, first.opened.desk, first.opened.company_id, first.opened.owner) == (
        deal.pk,
        "sales",
        deal.company_id,
        cast.ana,
    )
    assert again.opened is None
    assert Deal.objects.unscoped("tests").count() == 2


def test_evidence_is_asked_for_once(cast, deal):
    moves.move(deal, "quoted", by=cast.ana, at=TUESDAY)

    first = moves.ask_for_evidence(fresh(deal), by=cast.tomas, at=TUESDAY + HOUR)
    second = moves.ask_for_evidence(fresh(deal), by=cast.ben, at=TUESDAY + 2 * HOUR)

    assert (first.asked_of, second, Question.objects.unscoped("tests").count()) == (cast.ana, None, 1)


def test_nobody_is_asked_for_evidence_of_what_is_shown_or_by_themselves(cast, deal):
    cast.mail(deal)
    shown = moves.ask_for_evidence(fresh(deal), by=cast.tomas, at=TUESDAY)
    moves.move(deal, "quoted", by=cast.ana, at=TUESDAY)

    assert (shown, moves.ask_for_evidence(fresh(deal), by=cast.ana, at=TUESDAY)) == (None, None)


def test_evidence_found_answers_the_question_that_asked_for_it(cast, deal):
    mail = cast.mail(deal, text="Yes, go ahead.")
    moves.move(deal, "agreed", by=cast.ana, at=TUESDAY)
    moves.ask_for_evidence(fresh(deal), by=cast.tomas, at=TUESDAY)

    moves.show(deal, "agreed", evidence=mail.pk, by=cast.ana, at=TUESDAY + HOUR)

    [duty] = Duty.objects.unscoped("tests").filter(behavior="baton:answer-question")
    assert (fresh(deal).shown, duty.state) == (True, "closed")


def test_what_could_show_a_stage_is_offered_newest_first(cast, deal):
    first, second = cast.mail(deal), cast.mail(deal, at=MONDAY + HOUR)
    cast.mail(deal, "out", at=MONDAY + 2 * HOUR)

    assert moves.evidence_for(deal, "agreed", by=cast.ana) == [second, first]


def test_a_lost_deal_needs_a_reason_and_takes_back_what_was_offered(cast, deal):
    from baton.work import handoffs

    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)
    with pytest.raises(Refusal, match="why it was lost"):
        moves.lose(deal, because=" ", by=cast.ana, at=TUESDAY)

    lost = moves.lose(deal, because="Chose the cheaper one", by=cast.ana, at=TUESDAY)

    assert (lost.status, lost.lost_reason, lost.offered_to, fresh(handoff).state) == (
        "lost",
        "Chose the cheaper one",
        "",
        Handoff.State.WITHDRAWN,
    )


def test_a_lost_deal_owes_nothing_but_the_answers_and_promises_to_its_customer(cast, deal):
    cast.mail(deal)
    next_steps.set_next(deal, "call", due=TUESDAY + HOUR, by=cast.ana, at=MONDAY + MINUTE)

    moves.lose(deal, because="Price", by=cast.ana, at=TUESDAY)

    assert _open() == ["answer-enquiry"]


def test_a_reopened_deal_has_its_next_step_back(cast, deal):
    next_steps.set_next(deal, "call", due=TUESDAY + HOUR, by=cast.ana, at=MONDAY + MINUTE)
    moves.lose(deal, because="Price", by=cast.ana, at=TUESDAY)

    moves.reopen(deal, by=cast.ana, at=TUESDAY + HOUR)

    assert (fresh(deal).status, _open()) == ("open", ["baton:do-next-step"])


def test_a_reopened_deal_without_a_next_step_needs_one(cast, deal):
    moves.lose(deal, because="Price", by=cast.ana, at=TUESDAY)

    moves.reopen(deal, by=cast.ana, at=TUESDAY + timedelta(days=30))

    assert _open() == ["set-next-step"]


def test_a_finished_deal_owes_no_next_step(cast, deal):
    moves.finish(deal, by=cast.ana, at=TUESDAY)

    assert (fresh(deal).status, _open()) == ("done", [])


def _open() -> list[str]:
    return sorted(Duty.objects.unscoped("tests").filter(state="open").values_list("behavior", flat=True))


def _on(deal: Deal) -> dict:
    return {"deal": str(deal.pk), "contact": str(deal.contact_id) if deal.contact_id else None, "audience": "full"}


def _allowed(act) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True


_casts: list[Cast] = []


def _cast_once() -> Cast:
    from baton.members.models import Member

    if not Member.objects.filter(email="ana@lime.example").exists():
        _casts[:] = [Cast()]
    return _casts[0]
