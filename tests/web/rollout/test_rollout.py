"""Starting with Baton on screen: what do we use here, the first day, first weeks, the plan, a protocol a desk."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from baton.kernel.clock import now
from baton.ledger.models import Fact
from baton.members import invitations
from baton.members.models import Member
from baton.mirror.models import RolloutDay
from baton.mirror.rollout.dates import set_day
from baton.mirror.rollout.first_day import first_day
from baton.mirror.rollout.reading import looked_after, own_weeks, plan
from baton.work import next_steps
from baton.work.checking import check
from tests.cast import HOUR, MONDAY, Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGES = ["what-we-use", "first-day", "protocols", "first-weeks"]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    for place in ("welcome", "weeks", "page", "desks"):
        monkeypatch.setattr(f"baton.web.rollout.{place}.now", lambda: MONDAY + 8 * HOUR)


def of(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def joined(member, at) -> Member:
    Member.objects.filter(pk=member.pk).update(joined_at=at)
    return Member.objects.get(pk=member.pk)


def begun(cast: Cast, at=MONDAY) -> None:
    set_day("begins", at.date(), by=cast.tomas, at=at)


def step_made(cast: Cast, of_whom, at, *, after) -> None:
    """A deal without a next step opens a duty, due within a working day; its owner sets the step after a while."""
    deal = cast.deal(at=at, owner=of_whom)
    next_steps.set_next(deal, "Call them", by=of_whom, at=at + after, due=at + timedelta(days=60))


# What do we use here


@pytest.mark.parametrize("who", ["tomas", "mia", "ana", "bram", "rita"])
@pytest.mark.parametrize("page", PAGES)
def test_whoever_works_here_reads_their_own_pages(who, page):
    assert of(getattr(Cast(), who)).get(reverse(page)).status_code == 200


def test_a_member_reads_their_desk_their_duties_their_handoffs_and_whom_to_ask():
    cast = Cast()

    told = text_of(of(cast.bram).get(reverse("what-we-use")))

    assert "You sit at Sales with Ana Horvat." in told
    assert "answer enquiry" in told.lower()
    assert "so that nobody waits until tomorrow" in told
    assert "From Intake with Need, Contact" in told
    assert "To Operations with Scope, Start date, Key holder, Amount" in told
    assert "Ana Horvat how Sales works" in told
    assert "Mia Lind what comes from Intake" in told
    assert "Tomas Okafor why the map is as it is" in told


def test_an_accepted_invitation_leads_to_what_is_used_here():
    cast = Cast()
    _row, secret = invitations.invite("nell@lime.example", by=cast.tomas, at=now(), desks=["sales"], role="member")

    answer = Client().post(reverse("invitation", args=[secret]), {"name": "Nell", "password": "a long quiet river"})

    assert answer.headers["Location"] == reverse("what-we-use")


def test_today_says_where_to_read_in_the_first_days_only(monkeypatch):
    cast = Cast()
    monkeypatch.setattr("baton.web.today.page.now", lambda: MONDAY)
    new, old = joined(cast.bram, MONDAY - DAY), joined(cast.ana, MONDAY - 30 * DAY)

    assert reverse("first-day") in of(new).get(reverse("today")).content.decode()
    assert reverse("first-day") not in of(old).get(reverse("today")).content.decode()


def test_who_only_reads_has_nothing_to_practise():
    cast = Cast()

    assert first_day(cast.rita, MONDAY) == []
    assert "You read, and change nothing" in text_of(of(cast.rita).get(reverse("first-day")))


# The first day


def test_the_first_day_offers_real_work_and_ticks_itself_off():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    assert [(one.step, one.place, one.id) for one in first_day(cast.ana, MONDAY + HOUR)] == [
        ("duty", "deal", deal.pk), ("suggestion", "", None), ("handoff", "deal", deal.pk),
        ("line", "quick", deal.pk), ("phone", "phone", None),
    ]  # fmt: skip

    next_steps.set_next(deal, "Call them", by=cast.ana, at=MONDAY + HOUR)

    assert [one.step for one in first_day(cast.ana, MONDAY + 2 * HOUR) if one.done_at] == ["duty"]


def test_what_a_colleague_did_for_them_ticks_nothing_off():
    cast = Cast()
    deal = cast.deal()

    next_steps.set_next(deal, "Call them", by=cast.bram, at=MONDAY + HOUR)

    assert [one.step for one in first_day(cast.ana, MONDAY + 2 * HOUR) if one.done_at] == []


# The first weeks


def test_a_lead_sees_what_was_made_and_missed_and_so_does_the_person():
    cast = Cast()
    joined(cast.bram, MONDAY)
    begun(cast)
    step_made(cast, cast.bram, MONDAY, after=HOUR)
    cast.deal(at=MONDAY + HOUR, owner=cast.bram)
    at = MONDAY + DAY + 2 * HOUR

    [seen] = [one for one in looked_after(cast.ana, at) if one.member == cast.bram]
    own = own_weeks(cast.bram, at)

    assert own is not None
    assert (seen.oversight.phase, seen.made, seen.missed) == ("daily", 1, 1)
    assert (own.oversight, own.lately) == (seen.oversight, seen.lately)


def test_only_the_lead_of_the_desk_looks_and_the_owner_after_the_leads():
    cast = Cast()
    begun(cast)

    looked = {who: {one.member.short_name for one in looked_after(getattr(cast, who), MONDAY)}
              for who in ("ana", "mia", "bram", "tomas", "rita")}  # fmt: skip

    assert looked == {"ana": {"Bram"}, "mia": set(), "bram": set(), "tomas": {"Mia", "Ana", "Ben"}, "rita": set()}


def test_nobody_is_looked_after_while_no_rollout_has_begun():
    cast = Cast()

    assert (looked_after(cast.ana, MONDAY), own_weeks(cast.bram, MONDAY)) == ([], None)


def test_today_tells_a_lead_daily_at_first_and_weekly_once_it_holds(monkeypatch):
    cast = Cast()
    joined(cast.bram, MONDAY)
    begun(cast)
    for hours in range(3):
        step_made(cast, cast.bram, MONDAY + hours * HOUR, after=HOUR)
    shown = {}
    for days in (1, 7, 8):
        monkeypatch.setattr("baton.web.today.page.now", lambda days=days: MONDAY + days * DAY)
        shown[days] = 'id="first-weeks"' in of(cast.ana).get(reverse("today")).content.decode()

    assert shown == {1: True, 7: True, 8: False}


def test_a_person_reads_who_sees_what_about_them():
    cast = Cast()
    joined(cast.bram, MONDAY)

    before = text_of(of(cast.bram).get(reverse("what-we-use")))
    begun(cast)
    after = text_of(of(cast.bram).get(reverse("what-we-use")))

    assert "Nobody looks at your duties one by one." in before
    assert "Ana Horvat sees which of your duties you made on time and which you missed: daily" in after
    assert "Tomas Okafor, who owns the map, sees which things at your desk you have done once" in after


# The plan


def test_only_the_owner_and_their_deputy_see_and_make_the_plan():
    cast = Cast()
    clients = {who: of(getattr(cast, who)) for who in ("tomas", "ana", "rita")}
    told = {"about": "begins", "on": "2026-11-23"}

    assert [one.get(reverse("rollout")).status_code for one in clients.values()] == [200, 422, 422]
    assert [one.post(reverse("rollout-days"), told).status_code for one in clients.values()] == [302, 422, 403]
    assert RolloutDay.objects.unscoped("tests").count() == 1


def test_a_day_that_is_moved_stays_known_and_can_be_given_back_to_the_map():
    cast = Cast()
    client = of(cast.tomas)
    begun(cast)
    for on in ("2026-11-25", "2026-11-30", ""):
        client.post(reverse("rollout-days"), {"about": "bram@lime.example", "on": on})

    found = next(one for one in plan(cast.tomas, at=MONDAY).people if one.name == "Bram Castell")

    assert (found.start.on, found.start.chosen) == (MONDAY.date(), False)
    said = Fact.objects.unscoped("tests").filter(record_kind="rollout day", field="on")
    assert list(said.order_by("recorded_at", "seq").values_list("value", flat=True)) == [
        "2026-11-16", "2026-11-25", "2026-11-30", None,
    ]  # fmt: skip
    assert check().differences == []


@pytest.mark.parametrize(
    ("about", "on"), [("nobody@lime.example", "2026-11-25"), ("begins", "soon"), ("begins", "2036-01-01")]
)
def test_a_day_of_nobody_or_that_is_none_is_refused(about, on):
    assert of(Cast().tomas).post(reverse("rollout-days"), {"about": about, "on": on}).status_code == 422


def test_the_plan_says_what_each_has_been_seen_doing():
    cast = Cast()
    joined(cast.bram, MONDAY)
    step_made(cast, cast.bram, MONDAY, after=HOUR)
    invitations.invite("nell@lime.example", by=cast.tomas, at=MONDAY, desks=["operations"], role="member")

    people = {one.start.email.split("@")[0]: one for one in plan(cast.tomas, at=MONDAY + DAY).people}

    assert people["bram"].seen == ("duty/set-next-step",)
    assert (people["nell"].here, people["nell"].start.desks) == ("invited", ("operations",))
    assert "rita" not in people


def test_the_plan_asks_the_same_number_of_questions_however_many_people_there_are(django_assert_max_num_queries):
    cast = Cast()
    client = of(cast.tomas)
    client.get(reverse("rollout"))
    with django_assert_max_num_queries(60) as few:
        client.get(reverse("rollout"))
    for number in range(8):
        Member.objects.create_user(f"m{number}@lime.example", name=f"M {number}")
    with django_assert_max_num_queries(60) as many:
        client.get(reverse("rollout"))

    assert len(many) == len(few)


# Protocols


@pytest.mark.parametrize("role", ["sales", "operations", "intake", "map-owner"])
def test_each_role_has_its_page(role):
    assert of(Cast().rita).get(reverse("protocol", args=[role])).status_code == 200


def test_a_role_that_the_map_has_not_has_no_page():
    assert of(Cast().ana).get("/protocols/legal/").status_code == 404
