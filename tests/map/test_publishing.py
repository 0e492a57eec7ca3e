"""Publishing: who may, what refuses it, and what follows for deals and duties."""

from datetime import timedelta

import pytest

from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Conflict, Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal, DealState, Fact
from baton.ledger.recording import record
from baton.ledger.republishing import displaced, settle_deals
from baton.map.current import current_map, current_version
from baton.map.models import MapVersion
from baton.map.publishing import may_publish, publish
from baton.members.models import DeskSeat, Member, Role
from baton.work.checking import check
from baton.work.models import Duty, Handoff
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def edited(*pairs: str, text: str = FIRM) -> str:
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    return text


WITHOUT_VISITED = edited(
    "  visited: {desk: sales, entered_by: meeting held}\n", "", "caught_at: visited", "caught_at: quoted"
)
WITHOUT_ANSWERS = FIRM[: FIRM.index("  answer-enquiry:")] + FIRM[FIRM.index("  set-next-step:") :]


def quote(cast: Cast, deal: Deal, at, kind: str = "quote") -> None:
    cast.mail(deal, "out", at, parts={"documents": [{"kind": kind, "number": "Q-1"}]})


def no_differences() -> bool:
    assert [(found.kind, found.what, found.expected, found.found) for found in check().differences] == []
    return True


def spans(deal: Deal) -> list[tuple]:
    rows = DealState.objects.unscoped("tests").filter(deal=deal).order_by("began_at")
    return [(span.began_at, span.stage, span.shown, span.map_version) for span in rows]


def duties(behavior: str, **states) -> list[Duty]:
    return list(Duty.objects.unscoped("tests").filter(behavior=behavior, **states).order_by("opened_at"))


# Who may


@pytest.mark.parametrize(
    ("who", "may"),
    [("tomas", True), ("ana", False), ("mia", False), ("rita", False), ("manager", False), ("deputy", False)],
)
def test_the_owner_of_the_map_publishes_it_and_nobody_else_on_a_screen(cast, who, may):
    publish(edited("owner: tomas@lime.example", "owner: tomas@lime.example\ndeputy: bram"), by=cast.tomas, at=MONDAY)
    cast.manager = Member.objects.create_user("max@lime.example", name="Max", role=Role.MANAGER)
    cast.deputy = cast.bram

    assert (may_publish(getattr(cast, who), current_map()).answer == "allow") is may


def test_who_may_not_publish_is_told_who_does(cast):
    with pytest.raises(Refusal, match=r"Only the owner of the map publishes it, and that is tomas@lime\.example\."):
        publish(FIRM, by=cast.ana, at=MONDAY)

    assert current_version() == 1


def test_an_owner_who_left_publishes_no_more(cast):
    cast.tomas.is_active = False

    assert may_publish(cast.tomas, current_map()).answer == "refuse"


def test_the_operator_publishes_from_the_command_line_and_the_version_says_so(cast):
    version = publish(FIRM, by=None, at=MONDAY, note="from the command line")

    assert (version.number, version.published_by, version.note) == (2, None, "from the command line")


def test_a_map_with_problems_is_refused_with_all_of_them(cast):
    with pytest.raises(Refusal, match=r"line 4: .*\n.*line"):
        publish(edited("Europe/London", "Europe/Londres", "lead: mia", "lead: Mia Lind"), by=cast.tomas, at=MONDAY)


def test_a_draft_on_an_older_version_is_told_what_changed_meanwhile(cast):
    publish(edited("within: 2 working hours", "within: 3 working hours"), by=cast.tomas, at=MONDAY)

    with pytest.raises(Conflict) as refused:
        publish(FIRM, by=cast.tomas, at=TUESDAY, based_on=1)

    assert refused.value.sentence == (
        "Version 2 was published while this draft stood on version 1. Meanwhile: Behavior “Answer enquiry”: "
        "the time allowed was 2 working hours, is 3 working hours. Take that over into the draft, then publish it."
    )


def test_a_map_is_given_away_to_a_member_only(cast):
    with pytest.raises(Refusal, match=r"zoe@lime\.example isn’t a member here yet"):
        publish(edited("owner: tomas@", "owner: zoe@"), by=cast.tomas, at=MONDAY)


def test_who_is_given_the_map_owns_it_and_who_had_it_stays_a_manager(cast):
    publish(edited("owner: tomas@", "owner: ana@"), by=cast.tomas, at=MONDAY)

    roles = (
        Member.objects.filter(name__in=["Ana Horvat", "Tomas Okafor"]).order_by("name").values_list("role", flat=True)
    )
    assert list(roles) == [Role.OWNER, Role.MANAGER]
    assert may_publish(cast.tomas, current_map()).answer == "refuse"


def test_recorded_time_never_runs_back_for_a_version(cast):
    deal = cast.deal(at=TUESDAY)

    version = publish(FIRM, by=cast.tomas, at=MONDAY)

    assert version.published_at == spans(deal)[0][0] + timedelta(microseconds=1)


def test_people_whom_the_map_names_at_a_desk_sit_there_and_those_it_no_longer_names_don_t(cast):
    DeskSeat.objects.create(member=cast.rita, desk="sales")

    publish(
        edited("sales: {lead: ana, members: [bram]}", "sales: {lead: ana, members: [mia]}"), by=cast.tomas, at=MONDAY
    )

    at_sales = DeskSeat.objects.filter(desk="sales").order_by("member__name").values_list("member__name", flat=True)
    assert list(at_sales) == ["Ana Horvat", "Mia Lind", "Rita Only"]


# Deals


def test_a_stage_where_deals_stand_can_t_go_without_saying_where_they_go(cast):
    cast.deal(stage="visited")
    with pytest.raises(Refusal, match="stage “Visited” is gone, and deals stand there: say where they go"):
        publish(WITHOUT_VISITED, by=cast.tomas, at=TUESDAY)

    assert current_version() == 1


def test_deals_of_a_removed_stage_go_to_its_successor_and_owe_nothing_for_it(cast):
    deal, other = cast.deal(stage="visited"), cast.deal("Wharf", stage="visited", status="lost")
    publish(WITHOUT_VISITED + "\nsuccessors: {visited: quoted}\n", by=cast.tomas, at=TUESDAY)

    assert (displaced(current_map()), settle_deals(TUESDAY + HOUR), settle_deals(TUESDAY + HOUR)) == (1, 1, 0)

    assert (fresh(deal).stage, fresh(other).stage) == ("quoted", "visited")
    fact = Fact.objects.unscoped("tests").filter(record_id=deal.pk, field="stage").order_by("seq").last()
    assert (fact.channel, fact.because) == ("map", "The map no longer has the stage; its deals go to Quoted.")
    assert no_differences()


def test_a_stage_can_go_that_only_deals_of_the_past_stood_at(cast):
    cast.deal(stage="visited", status="done")
    publish(WITHOUT_VISITED, by=cast.tomas, at=TUESDAY)

    assert (displaced(current_map()), no_differences()) == (0, True)


def test_deals_at_a_removed_desk_go_to_the_desk_of_their_stage(cast):
    deal = cast.deal(stage="enquiry", desk="intake")
    merged = edited(
        "  intake: {lead: mia, capture: hello, opens_deals: yes}\n", "",
        "enquiry: {desk: intake,", "enquiry: {desk: sales,",
        "    needed_by: [handoff intake-sales]\n", "    needed_by: [decision monday-review]\n",
        "reads: [amount,", "reads: [need, amount,",
        FIRM[FIRM.index("  intake-sales:") : FIRM.index("  sales-operations:\n    from")], "",
    )  # fmt: skip
    publish(merged, by=cast.tomas, at=TUESDAY)

    assert settle_deals(TUESDAY + HOUR) == 1

    assert (fresh(deal).desk, no_differences()) == ("sales", True)


def test_what_shows_a_stage_is_proven_again_when_the_map_says_otherwise(cast):
    deal, untouched = cast.deal(stage="quoted", at=MONDAY), cast.deal("Wharf", stage="enquiry", at=MONDAY)
    quote(cast, deal, MONDAY + HOUR, "proposal")
    quote(cast, untouched, MONDAY + HOUR, "proposal")
    assert fresh(deal).shown is False

    version = publish(edited("document out quote", "document out proposal"), by=cast.tomas, at=TUESDAY)

    assert (fresh(deal).shown, fresh(deal).evidence["quoted"]["kind"]) == (True, "document.out")
    assert fresh(untouched).evidence.keys() == {"quoted"}
    assert spans(deal) == [(MONDAY, "quoted", False, 1), (version.published_at, "quoted", True, 2)]
    assert spans(untouched) == [(MONDAY, "enquiry", False, 1)]
    assert no_differences()


def test_a_stage_that_nothing_shows_any_more_is_only_said_from_then_on(cast):
    deal = cast.deal(stage="quoted", at=MONDAY)
    quote(cast, deal, MONDAY + HOUR)
    assert fresh(deal).shown is True

    publish(edited("document out quote", "document out proposal"), by=cast.tomas, at=TUESDAY)

    assert (fresh(deal).shown, fresh(deal).evidence) == (False, {})
    assert [shown for _at, _stage, shown, _version in spans(deal)] == [False, True, False]
    assert no_differences()


def test_what_was_only_said_by_an_import_proves_nothing_under_a_new_map_either(cast):
    deal = cast.deal(stage="enquiry", at=MONDAY)
    record(said("deal", deal.pk, need="a night crew"), by=Author(cast.tomas, "import"), at=MONDAY + HOUR)

    publish(
        edited("intake, entered_by: interaction in", "intake, entered_by: fact confirmed need"),
        by=cast.tomas,
        at=TUESDAY,
    )

    assert (fresh(deal).evidence, no_differences()) == ({}, True)


def test_of_several_events_the_earliest_shows_the_stage_under_a_new_map_too(cast):
    deal = cast.deal(stage="quoted", at=MONDAY)
    quote(cast, deal, MONDAY + 2 * HOUR, "proposal")
    quote(cast, deal, MONDAY + HOUR, "proposal")
    quote(cast, deal, MONDAY + 3 * HOUR, "quote")

    publish(edited("document out quote", "document out quote or document out proposal"), by=cast.tomas, at=TUESDAY)

    assert fresh(deal).evidence["quoted"]["at"].startswith("2026-11-16T10:00")
    assert no_differences()


# Duties


def test_a_removed_behavior_takes_its_open_duties_along_and_leaves_the_closed_ones(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    cast.mail(deal, "out", MONDAY + HOUR)
    cast.mail(deal, "in", MONDAY + 2 * HOUR)
    publish(WITHOUT_ANSWERS, by=cast.tomas, at=TUESDAY)

    assert [duty.state for duty in duties("answer-enquiry")] == ["closed", "withdrawn"]
    assert no_differences()


def test_a_new_behavior_opens_nothing_for_the_past(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    added = edited(
        "behaviors:\n",
        "behaviors:\n  ring-back:\n    opens: email in from customer\n    closes: call out to same customer\n"
        "    owed_by: desk lead\n    within: 1 working day\n    so_that: they hear a voice\n",
    )

    publish(added, by=cast.tomas, at=TUESDAY)
    assert duties("ring-back") == []
    cast.mail(deal, "in", TUESDAY + HOUR)

    assert [duty.opened_at for duty in duties("ring-back")] == [TUESDAY + HOUR]
    assert no_differences()


def test_shorter_time_moves_what_is_open_and_leaves_what_is_closed(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    cast.mail(deal, "out", MONDAY + HOUR)
    cast.mail(deal, "in", MONDAY + 2 * HOUR)

    publish(edited("within: 2 working hours", "within: 1 working hour"), by=cast.tomas, at=MONDAY + 3 * HOUR)

    closed, waiting = duties("answer-enquiry")
    assert (closed.due_at, waiting.due_at) == (MONDAY + 2 * HOUR, MONDAY + 3 * HOUR)
    assert waiting.chase_at == MONDAY + 2 * HOUR + timedelta(minutes=45)
    assert no_differences()


def test_other_hours_move_what_is_open(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY + 7 * HOUR)
    assert duties("answer-enquiry")[0].due_at == TUESDAY + HOUR

    publish(edited("mon-fri: 09:00-17:00", "mon-fri: 09:00-18:00"), by=cast.tomas, at=MONDAY + 7 * HOUR + HOUR / 2)

    assert duties("answer-enquiry")[0].due_at == MONDAY + 9 * HOUR
    assert no_differences()


def test_a_day_declared_closed_moves_what_is_open(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY + 7 * HOUR)

    publish(
        edited("mon-fri: 09:00-17:00}", "mon-fri: 09:00-17:00, closed: [2026-11-17]}"),
        by=cast.tomas,
        at=MONDAY + 8 * HOUR,
    )

    assert duties("answer-enquiry")[0].due_at == WEDNESDAY + HOUR
    assert no_differences()


def test_what_falls_due_at_its_own_time_keeps_the_time_that_was_moved(cast):
    deal = cast.deal(at=MONDAY)
    step = {"what": "Send the quote", "at": "2026-11-18T12:00:00Z"}
    cast.tell("deal", deal.pk, at=MONDAY + HOUR, next_step=step)
    cast.tell("deal", deal.pk, at=MONDAY + 2 * HOUR, next_step=step | {"at": "2026-11-18T15:00:00Z"})

    publish(edited("mon-fri: 09:00-17:00", "mon-fri: 09:00-16:00"), by=cast.tomas, at=TUESDAY)

    assert [duty.due_at for duty in duties("baton:do-next-step", state="open")] == [WEDNESDAY + 6 * HOUR]
    assert no_differences()


def test_a_new_lead_owes_what_the_desk_owes(cast):
    deal = cast.deal(at=MONDAY, owner=None)
    cast.mail(deal, "in", MONDAY)
    assert duties("answer-enquiry")[0].owed_by_id == cast.ana.pk

    publish(
        edited("sales: {lead: ana, members: [bram]}", "sales: {lead: bram, members: [ana]}"), by=cast.tomas, at=TUESDAY
    )

    assert duties("answer-enquiry")[0].owed_by_id == cast.bram.pk
    assert no_differences()


def test_what_a_behavior_opened_stays_owed_when_it_opens_by_something_else_and_closes_as_the_new_map_says(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    cast.mail(deal, "out", MONDAY + HOUR)
    cast.mail(deal, "in", MONDAY + 2 * HOUR)

    publish(
        edited("opens: interaction in from", "opens: call in from", "closes: interaction out", "closes: email out"),
        by=cast.tomas,
        at=TUESDAY,
    )
    cast.mail(deal, "in", TUESDAY + HOUR)

    assert [duty.state for duty in duties("answer-enquiry")] == ["closed", "open"]
    assert no_differences()
    cast.mail(deal, "out", TUESDAY + 2 * HOUR)
    assert [duty.closed_at for duty in duties("answer-enquiry")] == [MONDAY + HOUR, TUESDAY + 2 * HOUR]
    assert no_differences()


def test_what_closes_under_a_new_map_closes_nothing_that_came_before_it(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    cast.tell("deal", deal.pk, at=MONDAY + HOUR, need="A night crew")

    publish(
        edited("closes: interaction out to same customer", "closes: fact confirmed need"), by=cast.tomas, at=TUESDAY
    )

    assert [duty.state for duty in duties("answer-enquiry")] == ["open"]
    assert no_differences()


def test_a_behavior_that_comes_back_opens_nothing_for_the_time_it_was_gone(cast):
    deal = cast.deal(at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    publish(WITHOUT_ANSWERS, by=cast.tomas, at=TUESDAY)
    cast.mail(deal, "in", TUESDAY + HOUR)
    publish(FIRM, by=cast.tomas, at=WEDNESDAY)
    cast.mail(deal, "in", WEDNESDAY + HOUR)
    cast.mail(deal, "in", MONDAY - HOUR, received=WEDNESDAY + 2 * HOUR)

    assert [(duty.opened_at, duty.state) for duty in duties("answer-enquiry")] == [
        (MONDAY - HOUR, "open"),
        (MONDAY, "withdrawn"),
    ]
    assert no_differences()


def test_a_handoff_can_t_go_while_somebody_waits_for_its_answer(cast):
    deal = cast.deal(stage="agreed", at=MONDAY)
    row = {"deal": str(deal.pk), "handoff": "sales-operations", "from_desk": "sales", "to_desk": "operations"}
    offered = {"by": str(cast.ana.pk), "at": stamp(MONDAY)}
    cast.tell("handoff", uuid7(), **row, packet=[], offered=offered, state="offered")
    renamed = edited("  sales-operations:\n", "  moving-in:\n", "handoff sales-operations", "handoff moving-in")

    with pytest.raises(Refusal, match="handoff “Sales → Operations” is gone, and deals that were offered in it wait"):
        publish(renamed, by=cast.tomas, at=TUESDAY)
    same = edited("  moving-in:\n", "  moving-in:\n    id: sales-operations\n", text=renamed)
    kept = publish(same, by=cast.tomas, at=TUESDAY)

    assert (kept.number, Handoff.objects.unscoped("tests").get().state, no_differences()) == (2, "offered", True)


def test_a_refused_map_leaves_nothing_behind(cast):
    deal = cast.deal(stage="visited", at=MONDAY)
    cast.mail(deal, "in", MONDAY)
    before = (duties("answer-enquiry")[0].due_at, MapVersion.objects.count())

    with pytest.raises(Refusal):
        publish(edited("within: 2", "within: 1", text=WITHOUT_VISITED), by=cast.tomas, at=TUESDAY)

    assert (duties("answer-enquiry")[0].due_at, MapVersion.objects.count()) == before
