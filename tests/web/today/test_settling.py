"""What is owed is settled in its row, and what was only put aside can be undone."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser

from baton.ledger.models import Deal, Interaction
from baton.map.publishing import publish
from baton.work import handoffs
from baton.work.models import Duty, Promise, Question
from baton.work.today import duties_of
from tests.cast import FIRM, HOUR, MINUTE, MONDAY, TUESDAY, fresh
from tests.web.today.conftest import HTMX
from tests.web.today.scene import alder, northgate, offered, planned_visit, quayside

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db, pytest.mark.usefixtures("clock")]
AT = MONDAY + 10 * MINUTE
OUTCOME = "meeting held or meeting cancelled"


def duty_of(behavior: str) -> Duty:
    return Duty.objects.unscoped("tests").get(behavior=behavior)


def done(response) -> list[str]:
    tree = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text().split()) for node in tree.css("[data-done] .duty-act")]


def test_a_kept_promise_leaves_its_row_settled_and_the_head_anew(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")

    response = signed_in(cast.ana).post(f"/duties/{duty.pk}/promise/", {"outcome": "kept"}, headers=HTMX)

    assert done(response) == ["Kept."]
    assert 'hx-target="#today-head"' in response.content.decode()
    assert "You owe 1 thing." in response.content.decode()
    assert '<span class="count" id="nav-today">1</span>' in response.content.decode()
    assert Promise.objects.unscoped("tests").get().state == "kept"


def test_without_htmx_the_same_form_leads_back_to_today(cast, signed_in):
    northgate(cast)

    response = signed_in(cast.ana).post(f"/duties/{duty_of('baton:keep-promise').pk}/promise/", {"outcome": "kept"})

    assert (response.status_code, response.url) == (302, "/today/")


def test_a_new_date_is_agreed_in_words(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")

    typed = {"outcome": "moved", "due": "Thu", "because": "Sunil agreed"}
    response = signed_in(cast.ana).post(f"/duties/{duty.pk}/promise/", typed, headers=HTMX)

    assert "A new date was agreed. It is still owed" in response.content.decode()
    assert fresh(duty).due_at == MONDAY + timedelta(days=3, hours=8)


def test_done_and_next_is_one_step_with_its_day_read_from_the_line(cast, signed_in):
    deal = quayside(cast)
    duty = duty_of("baton:do-next-step")

    typed = {"outcome": "Dana wants the quote by Friday", "line": "send the quote Fri 12:00", "version": deal.version}
    response = signed_in(cast.ana).post(f"/duties/{duty.pk}/next-step/", typed, headers=HTMX)

    assert done(response) == ["Next: send the quote."]
    assert fresh(deal).next_step == "send the quote"
    assert fresh(deal).next_step_at == MONDAY + timedelta(days=4, hours=3)
    assert [one.subject for one in Interaction.objects.unscoped("tests").filter(kind="note")] == [typed["outcome"]]


def test_a_form_that_was_sent_without_anything_in_it_is_refused_in_words(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")

    answer = signed_in(cast.ana).post(f"/duties/{duty.pk}/promise/")

    assert (answer.status_code, Promise.objects.unscoped("tests").get().state) == (422, "open")


def test_a_deal_without_a_next_step_gets_its_first(cast, signed_in):
    deal = alder(cast)

    address = f"/duties/{duty_of('set-next-step').pk}/next-step/"

    signed_in(cast.ana).post(address, {"line": "visit them Tue 10:00"}, headers=HTMX)

    assert fresh(deal).next_step == "visit them"
    assert fresh(deal).next_step_at == TUESDAY + HOUR


def test_a_conflicting_edit_is_refused_and_says_so(cast, signed_in):
    deal = quayside(cast)
    typed = {"line": "call", "version": deal.version - 1}

    response = signed_in(cast.ana).post(f"/duties/{duty_of('baton:do-next-step').pk}/next-step/", typed, headers=HTMX)

    assert response.status_code == 409


def test_a_question_is_answered_in_its_row_and_becomes_the_value(cast, signed_in):
    deal = alder(cast)

    response = signed_in(cast.ana).post(
        f"/duties/{duty_of('baton:answer-question').pk}/answer/", {"text": "Colin Hart"}, headers=HTMX
    )

    assert done(response) == ["Answered."]
    assert fresh(deal).value("key_holder") == "Colin Hart"
    assert Question.objects.unscoped("tests").get().answered_by_id == cast.ana.pk


def test_what_was_read_from_the_mail_is_confirmed_beside_the_words(cast, signed_in):
    deal = quayside(cast)
    duty = duty_of("answer-enquiry")
    client = signed_in(cast.ana)
    [fact] = LexborHTMLParser(client.get("/today/").content.decode()).css("input[name=fact]")

    response = client.post(f"/duties/{duty.pk}/confirmation/", {"fact": fact.attributes["value"]}, headers=HTMX)

    assert fresh(deal).value("start_date") == "2026-12-01"
    assert "Confirmed. It is still owed until" in response.content.decode()


def test_later_puts_it_out_of_sight_and_undo_brings_it_back(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")
    client = signed_in(cast.ana)

    response = client.post(f"/duties/{duty.pk}/later/", {"until": "tomorrow"}, headers=HTMX)

    assert done(response) == ["Put off until tomorrow 09:00. It stays due when it is due. Undo"]
    assert [one.id for one in duties_of(cast.ana, AT)] == [duty_of("baton:do-next-step").pk]
    client.post(f"/duties/{duty.pk}/later/", {"until": "now"}, headers=HTMX)
    assert duty.pk in [one.id for one in duties_of(cast.ana, AT)]


def test_what_is_put_off_can_be_looked_at(cast, signed_in):
    northgate(cast)
    client = signed_in(cast.ana)
    client.post(f"/duties/{duty_of('baton:keep-promise').pk}/later/", {"when": "Thu 14:00"})

    page = client.get("/today/?put_off=1").content.decode()

    assert "Put off until Thu 14:00." in page
    assert "Bring it back" in page


def test_passing_on_gives_it_away_and_undo_takes_it_back(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")
    client = signed_in(cast.ana)

    given = {"to": str(cast.bram.pk), "because": "day off"}
    response = client.post(f"/duties/{duty.pk}/colleague/", given, headers=HTMX)

    assert done(response) == ["Passed on to Bram Castell. Undo"]
    assert fresh(duty).owed_by_id == cast.bram.pk
    client.post(f"/duties/{duty.pk}/colleague/", {"to": "back"}, headers=HTMX)
    assert fresh(duty).owed_by_id == cast.ana.pk


def test_only_who_passed_it_on_takes_it_back(cast, signed_in):
    northgate(cast)
    duty = duty_of("baton:keep-promise")
    signed_in(cast.ana).post(f"/duties/{duty.pk}/colleague/", {"to": str(cast.bram.pk)})

    response = signed_in(cast.mia).post(f"/duties/{duty.pk}/colleague/", {"to": "back"}, headers=HTMX)

    assert response.status_code == 422
    assert fresh(duty).owed_by_id == cast.bram.pk


def test_colleagues_of_the_desk_are_offered_first(cast, signed_in):
    northgate(cast)

    response = signed_in(cast.ana).get(f"/duties/{duty_of('baton:keep-promise').pk}/colleague/", headers=HTMX)

    options = [node.text() for node in LexborHTMLParser(response.content.decode()).css("option")]
    assert options == ["Bram Castell", "Ben Raman", "Mia Lind", "Tomas Okafor"]


def test_a_full_packet_is_accepted_in_its_row(cast, signed_in):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})
    duty = Duty.objects.unscoped("tests").get(subject_id=handoff.pk)

    response = signed_in(cast.ben).post(f"/duties/{duty.pk}/acceptance/", headers=HTMX)

    assert done(response) == ["Accepted. The deal is yours."]
    assert Deal.objects.unscoped("tests").get().desk == "operations"


def test_a_changed_packet_is_noted_or_objected_to(cast, signed_in):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})
    handoffs.accept(handoff, by=cast.ben, at=MONDAY)
    cast.tell("deal", handoff.deal_id, by=cast.ana, at=MONDAY + MINUTE, start_date="2026-12-08")
    cast.tell("deal", handoff.deal_id, by=cast.ana, at=MONDAY + MINUTE, scope="2 car parks")
    duties = Duty.objects.unscoped("tests").filter(behavior="baton:look-at-change", state="open").order_by("scope")
    client = signed_in(cast.ben)
    scope, start = duties

    noted = client.post(f"/duties/{scope.pk}/change/", {"answer": "noted"}, headers=HTMX)
    objected = client.post(f"/duties/{start.pk}/change/", {"because": "The crew is booked."}, headers=HTMX)

    assert done(noted) == ["Noted."]
    assert done(objected) == ["Objected. Whoever changed it is asked."]
    asked = Question.objects.unscoped("tests").order_by("recorded_at").last()
    assert asked.asked_of_id == cast.ana.pk


def test_one_press_says_what_came_of_a_visit(cast, signed_in):
    publish(with_behavior(OUTCOME, "say-outcome"), by=None, at=MONDAY - HOUR)
    deal = quayside(cast)
    planned_visit(cast, deal, MONDAY)
    client = signed_in(cast.ana)

    response = client.post(f"/duties/{duty_of('say-outcome').pk}/record/", {"outcome": "met"}, headers=HTMX)

    assert done(response) == ["Recorded: we met. Undo"]


def test_a_visit_that_did_not_happen_is_said_so_and_shows_no_meeting(cast, signed_in):
    publish(with_behavior(OUTCOME, "say-outcome"), by=None, at=MONDAY - HOUR)
    deal = quayside(cast)
    planned_visit(cast, deal, MONDAY)

    address = f"/duties/{duty_of('say-outcome').pk}/record/"

    response = signed_in(cast.ana).post(address, {"outcome": "off"}, headers=HTMX)

    assert done(response) == ["Recorded: didn’t happen. Undo"]
    assert "visited" not in fresh(deal).evidence


def test_a_behavior_made_up_in_the_map_is_no_dead_end(cast, signed_in):
    publish(with_behavior("payment received"), by=None, at=MONDAY - HOUR)
    planned_visit(cast, quayside(cast), MONDAY)
    duty = duty_of("made-up")

    row = LexborHTMLParser(signed_in(cast.ana).get("/today/").content.decode()).css_first(f"#d-{duty.pk}")

    keys = {node.attributes["data-key"]: " ".join(node.text().split()) for node in row.css("[data-key]")}
    assert keys == {
        "E": "Show what happened E",
        "N": "Say what happened N",
        "S": "Later S",
        "O": "Pass on O",
    }


def test_a_message_that_shows_what_was_waited_for_settles_it(cast, signed_in):
    publish(with_behavior("start booked"), by=None, at=MONDAY - HOUR)
    deal = quayside(cast)
    planned_visit(cast, deal, MONDAY)
    mail = Interaction.objects.unscoped("tests").get(kind="email")
    client = signed_in(cast.ana)
    address = f"/duties/{duty_of('made-up').pk}/evidence/"
    assert str(mail.pk) in client.get(address, headers=HTMX).content.decode()
    booked = cast.mail(deal, at=MONDAY + MINUTE, text="Confirmed, the first of December.")

    response = client.post(address, {"evidence": str(booked.pk)}, headers=HTMX)

    assert done(response) == ["Shown."]


def with_behavior(closes: str, key: str = "made-up") -> str:
    """Return the firm's map with a behavior more, opened by a meeting that is planned."""
    lines = ["opens: meeting planned", f"closes: {closes}", "owed_by: deal owner", "within: 1 working day"]
    lines += ["so_that: the review talks about what happened"]
    more = f"  {key}:\n" + "".join(f"    {line}\n" for line in lines)
    return FIRM.replace("\ndecisions:", f"{more}\ndecisions:")


DIALOGS = ["record", "next-step", "date", "later", "colleague", "evidence", "reason"]


@pytest.mark.parametrize("name", DIALOGS)
def test_what_asks_first_is_a_dialog_and_a_page(cast, signed_in, name):
    quayside(cast)
    address = f"/duties/{duty_of('baton:do-next-step').pk}/{name}/"
    client = signed_in(cast.ana)

    part, whole = client.get(address, headers=HTMX), client.get(address)

    assert (part.status_code, whole.status_code) == (200, 200)
    assert "<html" not in part.content.decode()
    assert "</html>" in whole.content.decode()


def test_an_outcome_with_one_press_is_offered_for_a_silence(cast, signed_in):
    publish(with_behavior("call out or text out", "ring"), by=None, at=MONDAY - HOUR)
    planned_visit(cast, quayside(cast), MONDAY)

    page = signed_in(cast.ana).get(f"/duties/{duty_of('ring').pk}/record/", headers=HTMX).content.decode()

    offered = [node.attributes["value"] for node in LexborHTMLParser(page).css("button[name=outcome]")]
    assert offered == ["spoke", "message", "wrote"]


def test_a_line_says_what_happened_when_no_press_does(cast, signed_in):
    deal = quayside(cast)
    duty = duty_of("answer-enquiry")

    typed = {"how": "call-out", "text": "Spoke to Dana, the price holds"}
    response = signed_in(cast.ana).post(f"/duties/{duty.pk}/record/", typed, headers=HTMX)

    assert done(response) == ["Recorded. Undo"]
    logged = Interaction.objects.unscoped("tests").get(kind="call")
    assert (logged.deal_id, logged.direction, logged.subject) == (deal.pk, "out", "Spoke to Dana, the price holds")


def test_what_was_pressed_by_mistake_is_undone_in_its_row_and_owed_again(cast, signed_in):
    quayside(cast)
    duty, ana = duty_of("answer-enquiry"), signed_in(cast.ana)

    said = ana.post(f"/duties/{duty.pk}/record/", {"outcome": "spoke"}, headers=HTMX)
    undo = LexborHTMLParser(said.content.decode()).css_first("button[name=undo]").attributes["value"]
    between = fresh(duty).state
    answer = ana.post(f"/duties/{duty.pk}/record/", {"undo": undo}, headers=HTMX)

    assert (between, fresh(duty).state) == ("closed", "open")
    assert "Taken back." in answer.content.decode()
    assert Interaction.objects.unscoped("tests").get(pk=undo).deal_id is None


def test_what_a_colleague_wrote_down_is_not_taken_back(cast, signed_in):
    quayside(cast)
    duty = duty_of("answer-enquiry")
    said = signed_in(cast.ana).post(f"/duties/{duty.pk}/record/", {"outcome": "spoke"}, headers=HTMX)
    undo = LexborHTMLParser(said.content.decode()).css_first("button[name=undo]").attributes["value"]

    answer = signed_in(cast.tomas).post(f"/duties/{duty.pk}/record/", {"undo": undo}, headers=HTMX)

    assert "Only what you wrote down within the last hour" in answer.content.decode()
    assert fresh(duty).state == "closed"
