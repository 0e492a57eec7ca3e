"""The demonstration business: alive on whatever day it is loaded, and true in every table."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from baton.capture import inbox
from baton.capture.models import Delivery
from baton.capture.sources import raw_for
from baton.decide.requests import keeping
from baton.decide.requests.models import Request
from baton.ledger.models import Company, Deal, Event, Interaction
from baton.management import demonstration
from baton.management.demonstration.calendar import Calendar
from baton.management.demonstration.letters import Letter
from baton.management.demonstration.papers import paper, pdf
from baton.management.demonstration.people import Person
from baton.map.current import current_map
from baton.map.reading import read_map
from baton.map.ready import demonstration_map
from baton.members.hours import WorkingHours
from baton.members.models import Member, Role
from baton.work.beside import counts
from baton.work.checking import check
from baton.work.handoffs import next_for
from baton.work.models import Duty, ExceptionCase, Handoff, Promise, Question
from baton.work.packets import packet_of
from baton.work.today import duties_of

MONDAY = datetime(2026, 11, 16, 8, 52, tzinfo=UTC)
"""The Monday of the mock-ups, in London."""
OTHER_DAYS = {
    "on a Sunday": datetime(2026, 11, 22, 14, 0, tzinfo=UTC),
    "on a Monday before work": datetime(2026, 11, 16, 7, 0, tzinfo=UTC),
    "on a Friday evening": datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
}


def hours() -> WorkingHours:
    operating_map, _problems = read_map(demonstration_map())
    return operating_map.hours


def member(name: str) -> Member:
    return Member.objects.get(email=f"{name}@harbourlime.example")


def deal(title: str) -> Deal:
    return Deal.objects.unscoped("tests").get(title__startswith=title)


def every(model: Any) -> Any:
    return model.objects.unscoped("tests")


# Loaded once, read by many


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """The whole business on that Monday, and what was said meanwhile; taken back after the last test that reads it."""
    said: list[str] = []
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.load(MONDAY, said.append)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def business(loaded: list[str], django_db_blocker: Any) -> Iterator[list[str]]:
    with django_db_blocker.unblock():
        yield loaded


def test_every_current_value_state_span_and_duty_is_what_the_ledger_gives(business):
    assert check().differences == []


def test_a_visit_shows_no_renewal_and_the_contract_for_another_year_does(business):
    renewed = every(Deal).filter(stage="renewal")

    assert deal("Quayside").evidence.keys() == {"enquiry", "site_visited", "quoted"}
    assert {one.evidence["renewal"]["kind"] for one in renewed} == {"document.out"}


def test_no_row_points_to_one_that_is_not_there(business):
    connection.check_constraints()


def test_ingrids_board_pack_came_back_filled_and_says_what_it_cannot_know(business):
    request = Request.objects.get()

    assert keeping.is_on()
    assert (request.asked_by, request.title, request.state) == (member("ingrid"), "Board pack.xlsx", "answered")
    assert (request.cells, request.left, request.asked) == (9, 3, 0)
    assert request.opened_at is not None


def test_loading_says_in_plain_words_how_far_it_is(business):
    assert business[0] == "Filling the demonstration: five months at Harbour & Lime Site Services."
    assert "  October 2026 …" in business
    assert business[-1].startswith("The demonstration is ready after ")


def test_nell_owes_what_she_owes_on_the_first_morning(business):
    owed = {one.what: one.state for one in duties_of(member("nell"), MONDAY)}

    assert owed["Reply to Dana Whitlock"] == "today"
    assert owed["Keep the promise: Send Sunil the method statement"] == "late"
    assert owed["Say what came of a visit: Fernhill Care Homes: 4 homes, infection control"] == "late"
    assert owed["Call Alder House about the January start"] == "later"


def test_the_reply_to_dana_is_due_four_working_hours_after_she_wrote(business):
    [reply] = [one for one in duties_of(member("nell"), MONDAY) if one.what == "Reply to Dana Whitlock"]

    assert reply.due_at == datetime(2026, 11, 16, 11, 12, 40, tzinfo=UTC)


def test_two_handoffs_wait_for_operations_and_one_came_back(business):
    waiting = set(every(Handoff).waiting().filter(to_desk="operations").values_list("deal", flat=True))
    fixed = Duty.objects.unscoped("tests").open().get(behavior="baton:fix-returned")

    assert waiting == {deal("Northgate").pk, deal("Hollis Yard").pk}
    assert fixed.deal_id == deal("Corran").pk
    assert fixed.owed_by_id == member("bram").pk


def test_hollis_yard_was_offered_with_everything_and_northgate_without_its_key_holder(business):
    packets = {row.deal_id: {i["item"]: i["has"] for i in row.packet} for row in every(Handoff).waiting()}

    assert set(packets[deal("Hollis Yard").pk].values()) == {"there"}
    assert [k for k, has in packets[deal("Northgate").pk].items() if has == "missing"] == ["key_holder"]


def test_the_packet_of_quayside_has_five_of_eight_and_two_suggestions(business):
    row, nell = deal("Quayside Tower"), member("nell")
    packet = packet_of(row, next_for(row, current_map()), member=nell, at=MONDAY)

    assert packet.sentence == "5 of 8 there"
    assert {i.key: i.suggested for i in packet.items if i.has == "suggested" or i.suggested} == {
        "start_date": "1 December 2026",
        "crew_hours": "after 19:00",
    }


def test_what_waits_in_inbox_says_why(business):
    reasons = {row.from_name or row.from_address: row.unfiled_because for row in inbox.waiting(member("nell"))}

    assert reasons == {
        "Petra Lindholm": "Which of two Kestrel Logistics deals does this belong to?",
        "facilities@tyneview.example": "No company or contact by that name: facilities@tyneview.example.",
        "Colin Marsh": "It names Q-0412 of Quayside Tower: concierge and evening cleaning, but comes from somebody "
        "whom nobody there knows.",
    }
    assert [row.subject for row in inbox.waiting(member("priya"))] == ["Scan0042.pdf"]


def test_nothing_that_a_machine_wrote_closed_or_opened_a_duty(business):
    machines = dict(every(Interaction).exclude(automatic="").values_list("pk", "automatic"))
    events = {event for pair in every(Duty).values_list("opened_by", "closed_by") for event in pair if event}

    assert sorted(machines.values()) == ["auto-reply", "bounce", "list"]
    assert not every(Event).filter(pk__in=events, interaction__in=list(machines)).exists()


def test_every_deal_has_a_message_whose_raw_source_can_be_read(business):
    tomas = member("tomas")
    for row in every(Deal).filter(opened_from__isnull=True):
        mails = Interaction.objects.visible_to(tomas).filter(deal=row.pk, kind="email")
        raws = [raw_for(mail, tomas) for mail in mails[:1]]
        assert len(raws) == 1, row.title
        assert b"Message-ID: <" in (raws[0] or b""), row.title


def test_every_stage_that_is_shown_has_its_source(business):
    shown = [row for row in every(Deal) if row.shown]
    sources = {evidence["interaction"] for row in shown for evidence in row.evidence.values()}

    assert None not in sources
    assert every(Interaction).filter(pk__in=sources).count() == len(sources)


def test_gantry_works_was_moved_without_evidence_and_bram_was_asked_for_it_once(business):
    row = deal("Gantry Works")

    assert (row.stage, row.shown) == ("site_visited", False)
    assert every(Question).get(deal=row.pk).asked_of_id == member("bram").pk


def test_there_are_cases_of_everything_that_statistics_count(business):
    desks = every(Handoff).between_people().filter(to_desk="operations")

    assert desks.filter(state="accepted").count() >= 15
    assert desks.filter(state="returned").count() >= 5
    assert every(Promise).filter(state="kept").count() >= 5
    assert every(ExceptionCase).count() == 3
    assert {row.status for row in every(Deal)} == {"open", "won", "lost", "done"}
    assert every(Deal).filter(opened_from__isnull=False).count() == 1


def test_companies_have_the_names_that_people_gave_them(business):
    assert every(Company).get(domain="marlowe-property.example").name == "Marlowe Property Management"


def test_everything_that_came_in_was_read(business):
    assert set(every(Delivery).values_list("state", flat=True)) == {"read"}


def test_nothing_in_it_lies_in_the_future(business):
    assert not every(Interaction).filter(happened_at__gt=MONDAY).exists()
    assert not every(Interaction).filter(recorded_at__gt=MONDAY + timedelta(minutes=1)).exists()


def test_its_people_sit_at_their_desks_and_have_no_password(business):
    assert not any(each.has_usable_password() for each in Member.objects.all())
    assert member("tomas").role == Role.OWNER
    assert [seat.desk for seat in member("priya").seats.all()] == ["operations"]


# On other days


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("when", OTHER_DAYS)
def test_there_is_something_due_whenever_it_is_loaded(when):
    at = OTHER_DAYS[when]
    demonstration.load(at, whole=False)

    owed = {name: counts(member(name), at) for name in ("tomas", "nell", "priya")}

    assert all(one.late + one.today >= 1 for one in owed.values()), owed
    assert all(one.today >= 1 for one in owed.values()), owed
    assert check().differences == []


# When it is loaded, and when not


@pytest.mark.django_db
def test_a_business_that_is_there_is_left_alone(settings, tmp_path):
    settings.DATA_DIR, settings.BATON_DEMO = tmp_path, False
    Member.objects.create_user("ana@real.example", "a password of ana", name="Ana Real", role=Role.OWNER)

    demonstration.load_if_empty(say=pytest.fail)

    assert Member.objects.count() == 1
    assert (settings.BATON_DEMO, list(tmp_path.iterdir())) == (False, [])


@pytest.mark.django_db
def test_a_demonstration_whose_mark_was_lost_is_marked_again(settings, tmp_path):
    settings.DATA_DIR, settings.BATON_DEMO = tmp_path, False
    demonstration.hire()

    demonstration.load_if_empty(say=pytest.fail)

    assert settings.BATON_DEMO is True
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


@pytest.mark.django_db
def test_an_interrupted_loading_leaves_nothing_behind(monkeypatch):
    def interrupted(line: str) -> None:
        if "…" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demonstration.load(MONDAY, interrupted, whole=False)

    assert not Member.objects.exists()
    assert not every(Deal).exists()


# Its calendar and its papers


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("-1 16:42", "2026-11-13T16:42:00+00:00"),
        ("ago 1:40", "2026-11-13T16:42:00+00:00"),
        ("+2 17:00", "2026-11-18T17:00:00+00:00"),
        ("-1-45 09:00", "2026-09-29T09:00:00+01:00"),
        ("today 2/3", "2026-11-16T14:45:00+00:00"),
        ("+9", "2026-11-27T17:30:00+00:00"),
    ],
)
def test_the_story_counts_in_working_days(said, moment):
    assert Calendar(MONDAY, hours()).moment(said) == datetime.fromisoformat(moment)


def test_what_is_due_later_today_is_due_today_even_at_night():
    late = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)

    assert Calendar(late, hours()).moment("today 1/3") == datetime(2026, 11, 20, 23, 15, tzinfo=UTC)


def test_days_in_letters_are_those_of_the_calendar():
    words = Calendar(MONDAY, hours()).words("by {weekday +2}, {date +11}, not in {month +45}")

    assert words == "by Wednesday, 1 December, not in January"


def test_a_time_that_the_story_does_not_know_is_refused():
    with pytest.raises(ValueError, match="no such time: 'soon'"):
        Calendar(MONDAY, hours()).moment("soon")


def test_a_paper_is_a_page_whose_table_says_where_each_object_begins():
    content = pdf(["Quote Q-0412", "£84,600 (a year)"])
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    places = [int(line[:10]) for line in content[start:].splitlines()[3:9]]

    assert content[start:].startswith(b"xref")
    assert [content[place:].split(b" ")[0] for place in places] == [b"1", b"2", b"3", b"4", b"5", b"6"]
    assert "£84,600 \\(a year\\)".encode("cp1252") in content


def test_a_picture_is_a_picture():
    content, kind = paper("lobby.png", [])

    assert (content[:8], kind) == (b"\x89PNG\r\n\x1a\n", "image/png")


def test_our_letters_lack_what_only_a_delivering_server_adds():
    nell = Person("nell", "Nell Harrow", "nell@harbourlime.example", "Nell")
    dana = Person("dana", "Dana Whitlock", "dana@marlowe.example", "Dana")
    ours = Letter("1", nell, (dana,), MONDAY, "Start", "Hello").raw()
    theirs = Letter("2", dana, (nell,), MONDAY, "Start", "Hello").raw()

    assert b"Return-Path" not in ours
    assert b"Return-Path: <dana@marlowe.example>" in theirs
