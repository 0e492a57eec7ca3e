"""The review on screen: who sees which agenda, who may write in it, and how what is decided lands on the deal."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from baton.decide.review.models import Review
from baton.decide.review.reviews import begin, decision_of, end
from baton.ledger.models import Deal
from baton.map.current import forget_parsed
from baton.map.publishing import publish
from tests.cast import FIRM, HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    return cast.deal(
        "Gantry Works", at=EARLIER, close_date="2026-11-12", amount={"minor": 3_300_000, "currency": "GBP"}
    )


@pytest.fixture
def review(cast, deal):
    return begin(decision_of(), by=cast.tomas, at=MONDAY)


def client_of(member):
    client = Client()
    client.force_login(member)
    return client


def at_nine(call, *told, **more):
    with travel(MONDAY + HOUR, tick=False):
        return call(*told, **more)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def decide(client, review, deal, outcome, **typed):
    href = f"{reverse('review-decisions', args=[review.pk])}?deal={deal.pk}&outcome={outcome}"
    return at_nine(client.post, href, typed)


def test_before_the_meeting_everybody_reads_what_will_be_talked_about_and_why(cast, deal):
    pages = [text_of(at_nine(client_of(one).get, "/review/")) for one in (cast.tomas, cast.mia, cast.rita)]

    assert all("Gantry Works" in page and "Its close date, Thu 12 Nov, has passed" in page for page in pages)
    assert ["Begin the review" in page for page in pages] == [True, False, False]


def test_beginning_leads_to_the_meeting_with_those_who_are_there(cast, deal):
    answer = at_nine(client_of(cast.ana).post, "/review/", {"present": [str(cast.ben.pk), str(cast.mia.pk)]})

    review = Review.objects.get()
    assert answer.headers["Location"] == reverse("review-meeting", args=[review.pk])
    assert set(review.attendance.values_list("member__name", flat=True)) == {"Ana Horvat", "Ben Raman", "Mia Lind"}
    page = text_of(at_nine(client_of(cast.ben).get, reverse("review-meeting", args=[review.pk])))
    assert "Live pipeline, as of 10:00" in page
    assert "Gantry Works" in page


def test_each_outcome_asks_for_what_it_needs_and_is_written_on_the_deal(cast, deal, review):
    client = client_of(cast.tomas)
    forms = [
        at_nine(client.get, f"/reviews/{review.pk}/decisions/?deal={deal.pk}&outcome={outcome}").status_code
        for outcome in ("step", "figures", "question", "evidence", "stage", "owner", "promise", "loss")
    ]
    who = {"decided_by": str(cast.ana.pk), "who": str(cast.bram.pk)}

    assert forms == [200] * 8
    assert decide(client, review, deal, "step", what="Ring Dana", due="Fri", **who).status_code == 302
    decide(client, review, deal, "figures", close_date="4 December", amount="20k")
    decide(client, review, deal, "owner", **who)
    decide(client, review, deal, "stage", stage="visited")
    decide(client, review, deal, "loss", reason="", because="price")

    after = fresh(deal)
    assert (after.next_step, str(after.close_date), after.amount) == ("Ring Dana", "2026-12-04", 2_000_000)
    assert (after.owner_id, after.stage, after.status) == (cast.bram.pk, "visited", "lost")
    page = text_of(at_nine(client.get, reverse("review-meeting", args=[review.pk])))
    assert "Next: Ring Dana (Bram, Fri 17:00) decided by Ana Horvat" in page


def test_a_stage_of_another_desk_decided_in_a_review_offers_the_handoff_and_leads_back_to_it(cast, deal, review):
    client, meeting = client_of(cast.tomas), f"{reverse('review-meeting', args=[review.pk])}?deal={deal.pk}"
    href = reverse("deal-handoff", args=[deal.pk])
    cast.tell("deal", deal.pk, stage="visited", desk="sales", at=MONDAY)
    before = at_nine(client.get, meeting).content.decode()
    decide(client, review, deal, "stage", stage="mobilising", decided_by=str(cast.ana.pk))

    page = at_nine(client.get, meeting)
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{meeting}"}
    handed = at_nine(client.post, href, {"note": "soon"}, headers=htmx)

    assert href not in before
    assert "This stage is Operations’s: hand the deal over to them." in text_of(page)
    assert href in page.content.decode()
    assert handed.headers["HX-Redirect"] == meeting
    assert fresh(deal).offered_to == "operations"
    assert href not in at_nine(client.get, meeting).content.decode()


def test_who_sits_at_both_desks_hands_over_at_once_by_a_stage_decided_in_a_review(cast, deal, review):
    cast.tell("deal", deal.pk, stage="agreed", desk="sales", at=MONDAY)
    publish(
        FIRM.replace("operations: {lead: ben}", "operations: {lead: tomas}").replace(
            "members: [bram]", "members: [bram, tomas]"
        ),
        by=None,
        at=MONDAY,
    )

    decide(client_of(cast.tomas), review, deal, "stage", stage="mobilising")

    assert (fresh(deal).desk, fresh(deal).offered_to) == ("operations", "")


def test_what_is_said_in_a_line_is_read_and_recorded_with_the_review_as_its_source(cast, deal, review):
    told = {"deal": str(deal.pk), "line": "call Dana on Friday, worth £12,500", "key": "k"}

    at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/lines/", told)
    at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/lines/", told)

    after = fresh(deal)
    assert (after.amount, after.next_step_at is not None) == (1_250_000, True)
    page = text_of(at_nine(client_of(cast.tomas).get, reverse("review-meeting", args=[review.pk])))
    assert page.count("call Dana on Friday, worth £12,500 ") == 1
    assert "1 value of Tomas’s used" in page or "values of Tomas’s used" in page


def test_a_deal_that_is_not_in_baton_is_captured_on_the_spot_and_counted(cast, review):
    at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/lines/", {"line": "Fernhill Care Homes: about 24k"})

    made = Deal.objects.unscoped("tests").get(title="Fernhill Care Homes")
    page = text_of(at_nine(client_of(cast.tomas).get, reverse("review-meeting", args=[review.pk])))
    assert (made.amount, made.value("side_channel")["decision"]) == (2_400_000, "monday-review")
    assert "1 deal wasn’t in Baton and was captured here: Fernhill Care Homes." in page


def test_nothing_to_decide_ticks_the_deal_off(cast, deal, review):
    decide(client_of(cast.tomas), review, deal, "nothing")

    page = text_of(at_nine(client_of(cast.tomas).get, reverse("review-meeting", args=[review.pk])))
    assert "Talked about 1" in page


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 302), ("mia", 404), ("rita", 403)])
def test_who_may_write_in_a_review(cast, deal, review, who, status):
    assert decide(client_of(getattr(cast, who)), review, deal, "nothing").status_code == status


def test_who_was_not_there_finds_no_review(cast, review):
    answers = {
        who: at_nine(client_of(getattr(cast, who)).get, reverse("review-meeting", args=[review.pk])).status_code
        for who in ("tomas", "ana", "ben", "mia", "bram", "rita")
    }

    assert answers == {"tomas": 200, "ana": 200, "ben": 200, "mia": 404, "bram": 404, "rita": 404}


def test_after_its_end_nothing_is_offered_and_nothing_is_written(cast, deal, review):
    at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/end/")
    answer = decide(client_of(cast.tomas), review, deal, "stage", stage="visited")

    page = text_of(at_nine(client_of(cast.tomas).get, reverse("review-meeting", args=[review.pk])))
    assert answer.status_code == 422
    assert "What do we decide?" not in page
    assert "Held on Monday 16 November, run by Tomas Okafor." in page


def test_a_deal_that_the_member_may_not_see_is_on_no_screen_of_theirs():
    cast = Cast("own")
    secret = cast.deal("Secret deal", at=EARLIER, owner=cast.ben, desk="operations", close_date="2026-11-12")
    review = begin(decision_of(), by=cast.tomas, at=MONDAY)
    at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/lines/", {"line": "lost: price", "deal": str(secret.pk)})

    ana = client_of(cast.ana)
    page = text_of(at_nine(ana.get, f"/reviews/{review.pk}/?deal={secret.pk}"))

    assert "Secret deal" not in page
    assert "Secret deal" in text_of(at_nine(client_of(cast.tomas).get, f"/reviews/{review.pk}/"))
    assert decide(ana, review, secret, "stage", stage="visited").status_code == 404


def test_a_map_without_a_review_has_no_such_page_and_says_so(cast):
    publish(FIRM.partition("decisions:")[0], by=None, at=MONDAY)
    forget_parsed()

    page = text_of(at_nine(client_of(cast.tomas).get, "/review/"))

    assert "The map names no review" in page
    assert 'href="/review/"' not in client_of(cast.tomas).get("/people/").content.decode()


def test_a_map_with_a_review_has_it_in_the_menu(cast):
    assert 'href="/review/"' in client_of(cast.tomas).get("/people/").content.decode()


def test_a_review_that_was_held_is_found_by_those_who_were_there(cast, review):
    end(review, by=cast.tomas, at=MONDAY + HOUR)

    pages = [text_of(at_nine(client_of(one).get, "/review/")) for one in (cast.ana, cast.mia)]

    assert ["Mon 16 Nov Tomas Okafor" in page for page in pages] == [True, False]


def test_the_minutes_tell_what_was_decided_and_what_changed_in_the_pipeline(cast, deal, review):
    decide(client_of(cast.tomas), review, deal, "figures", close_date="4 December", amount="20k")
    answer = at_nine(client_of(cast.tomas).post, f"/reviews/{review.pk}/end/")

    page = text_of(at_nine(client_of(cast.tomas).get, answer.headers["Location"]))

    assert "Worth £20,000, closes Fri 4 Dec" in page
    assert "Gantry Works £33,000 → £20,000, Thu 12 Nov → Fri 4 Dec" in page
    assert "1 open deal, £33,000" in page


def test_minutes_are_mailed_by_who_runs_it_and_to_nobody_twice(cast, review):
    end(review, by=cast.tomas, at=MONDAY + HOUR)
    address = reverse("review-minutes", args=[review.pk])

    answers = [at_nine(client_of(one).post, address).status_code for one in (cast.tomas, cast.mia, cast.rita)]

    assert answers == [302, 404, 403]
    page = text_of(at_nine(client_of(cast.tomas).post, address, follow=True))
    assert "Everybody who was there has them already." in page


def test_a_question_is_answered_with_its_rows_which_open_in_the_review(cast, deal, review):
    asked = {"q": "what is open by owner", "review": str(review.pk)}

    answer = at_nine(client_of(cast.tomas).get, "/answers/", asked)

    assert "1 deal, £33,000: by owner, open." in text_of(answer)
    assert f"/reviews/{review.pk}/?deal={deal.pk}" in answer.content.decode()
    assert "status.any=open" in answer.content.decode()


def test_a_question_that_is_not_understood_is_refused_in_words(cast, deal):
    answer = at_nine(client_of(cast.tomas).get, "/answers/", {"q": "how happy is Dana", "review": "nonsense"})

    assert "I don’t know what “happy”, “Dana” means here" in text_of(answer)


def test_another_desk_s_deals_are_in_no_answer():
    cast = Cast("own")
    cast.deal("Theirs", owner=cast.ben, desk="operations", at=EARLIER)

    pages = [text_of(at_nine(client_of(one).get, "/answers/?q=what is open")) for one in (cast.ana, cast.tomas)]

    assert ["Theirs" in page for page in pages] == [False, True]
