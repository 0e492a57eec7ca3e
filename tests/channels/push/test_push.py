"""What is pressing comes to the phone in working hours, and is answered there, once."""

from datetime import timedelta

import pytest
from django.test import Client

from baton.channels.push import devices, notices
from baton.channels.push.answering import Unknown, answer
from baton.channels.push.models import PushDevice, PushKey, PushNotice
from baton.channels.push.telling import token_of
from baton.channels.push.vapid import public_key
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.work import questions
from baton.work.models import Duty, Question
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh
from tests.channels.outside import outside
from tests.channels.push.service import Browser, claims_of
from tests.web.today.scene import offered

pytestmark = pytest.mark.django_db
NIGHT = MONDAY + timedelta(hours=13)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def service(settings):
    with outside(settings, status=201) as there:
        yield there


@pytest.fixture
def phone(cast, service) -> Browser:
    return told(cast.ana, service)


def told(member, service, path: str = "/push/one", **changed) -> Browser:
    """Have a browser of the member told, signed in there."""
    browser, client = Browser(service, path), Client()
    client.force_login(member)
    session = client.session.session_key
    row = devices.subscribe(browser.subscription, device="Safari iPhone", session_key=session, by=member, at=MONDAY)
    PushDevice.objects.filter(pk=row.pk).update(**changed)
    return browser


def asked(cast, at=MONDAY) -> Question:
    deal = cast.deal("Alder House", "visited", at=at - HOUR)
    return questions.ask(deal, "Who holds the keys?", of=cast.ana, by=cast.ben, at=at, about_field="key_holder")


def test_a_question_comes_to_the_phone_and_only_the_phone_can_read_it(cast, phone, service):
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    [push] = service.asked
    shown = phone.read(push)
    assert "Who holds the keys?" in shown["title"] + shown["body"]
    assert [(one["type"], one["title"]) for one in shown["actions"]] == [("text", "Answer")]
    assert b"keys" not in push.body
    assert (push.headers["content-encoding"], push.headers["urgency"]) == ("aes128gcm", "high")


def test_the_push_service_is_told_who_pushes(cast, phone, service, settings):
    settings.BATON_URL = "https://baton.lime.example"
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    told = claims_of(service.asked[0])
    assert (told["aud"], told["sub"]) == (service.address, "https://baton.lime.example")
    assert told["exp"] == int((MONDAY + MINUTE + timedelta(hours=12)).timestamp())
    assert f"k={public_key()}" in service.asked[0].headers["authorization"]


def test_the_private_key_and_where_a_phone_is_told_are_sealed(cast, phone):
    public_key()

    assert repr(PushKey.objects.get().private) == "•••"
    assert repr(PushDevice.objects.get().keys) == "•••"


def test_it_is_told_once_however_often_the_loop_comes_round(cast, phone, service):
    asked(cast)

    for minute in range(3):
        notices.send_due(MONDAY + minute * MINUTE)

    assert len(service.asked) == 1


def test_nobody_is_told_of_what_they_did_themselves(cast, service):
    told(cast.ben, service, wants="all")
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    assert service.asked == []


def test_what_is_only_new_comes_where_somebody_wants_everything(cast, service):
    told(cast.ana, service, "/push/pressing")
    told(cast.ana, service, "/push/all", wants="all")
    cast.mail(cast.deal(contact=cast.contact()))

    notices.send_due(MONDAY + MINUTE)

    assert {push.path for push in service.asked} == {"/push/all"}


def test_outside_working_hours_it_waits_until_the_business_opens(cast, phone, service):
    asked(cast, NIGHT)

    at_night = notices.send_due(NIGHT + MINUTE)
    due = PushNotice.objects.get().due_at
    notices.send_due(due)

    assert (at_night, due) == (1, MONDAY + timedelta(days=1))
    assert len(service.asked) == 1


def test_what_was_settled_meanwhile_is_told_to_nobody(cast, phone, service):
    question = asked(cast)
    questions.answer(question, "Colin", by=cast.ana, at=MONDAY + MINUTE)

    notices.send_due(MONDAY + 2 * MINUTE)

    assert service.asked == []


def test_names_stay_off_a_lock_screen_that_must_not_show_them(cast, service):
    phone = told(cast.ana, service, shows=False)
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    shown = phone.read(service.asked[0])
    assert (shown["title"], shown["body"], shown["actions"]) == ("Baton", "Something waits for you.", [])
    assert "Alder" not in str(shown)


def test_much_at_once_is_told_as_a_number(cast, phone, service):
    deal = cast.deal("Alder House", "visited", at=MONDAY - HOUR)
    for number in range(5):
        questions.ask(deal, f"Number {number}?", of=cast.ana, by=cast.ben, at=MONDAY, about_field="")

    notices.send_due(MONDAY + MINUTE)

    [push] = service.asked
    assert phone.read(push)["body"] == "5 things wait for you."


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_wants_nothing_more_is_forgotten(cast, phone, service, status):
    service.say("/push/one", {}, status=status)
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    assert (PushDevice.objects.count(), PushNotice.objects.count()) == (0, 0)


def test_a_service_in_trouble_is_tried_again_later(cast, phone, service):
    service.say("/push/one", {}, status=503)
    asked(cast)
    notices.send_due(MONDAY + MINUTE)
    service.say("/push/one", {}, status=201)

    notices.send_due(MONDAY + 2 * MINUTE)

    assert [push.path for push in service.asked] == ["/push/one"] * 2
    assert PushNotice.objects.get().sent_at == MONDAY + 2 * MINUTE


def test_what_a_service_goes_on_to_say_is_never_read(cast, phone, service):
    service.promises = 10**12
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    assert PushNotice.objects.get().sent_at == MONDAY + MINUTE


def test_whoever_signed_out_is_told_nothing_there(cast, phone, service):
    asked(cast)
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()

    notices.send_due(MONDAY + MINUTE)

    assert (service.asked, PushDevice.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "where",
    [
        "http://push.example/x",
        "https://",
        "ftp://push.example",
        "javascript:alert(1)",
        "https://push.example/\ud800",
        "https://push.example/" + "x" * 1000,
    ],
)
def test_a_place_that_nothing_can_be_pushed_to_is_refused(cast, service, where):
    browser = Browser(service)
    browser.where = where

    with pytest.raises(Refusal):
        devices.subscribe(browser.subscription, device="", session_key="s", by=cast.ana, at=MONDAY)


def test_a_place_inside_this_network_is_never_called(cast, service):
    browser, client = Browser(service), Client()
    client.force_login(cast.ana)
    browser.where = "https://127.0.0.2/internal"
    session = client.session.session_key
    devices.subscribe(browser.subscription, device="", session_key=session, by=cast.ana, at=MONDAY)
    asked(cast)

    notices.send_due(MONDAY + MINUTE)

    assert "lies inside this network" in PushNotice.objects.get().last_error


class TestAnswers:
    """An answer in the notification does what an answer to a letter does; its token works once, for one duty."""

    @pytest.fixture
    def shown(self, cast, phone, service):
        self.question = asked(cast)
        notices.send_due(MONDAY + MINUTE)
        return phone.read(service.asked[0])["answer"]

    def say(self, shown, text: str, at=MONDAY + HOUR) -> str:
        return answer(shown["key"], shown["token"], text, said_at=at, at=at)

    def test_a_question_is_answered(self, cast, shown):
        said = self.say(shown, "Colin Hart has them")

        question = fresh(self.question)
        assert (question.answer, question.answered_by_id) == ("Colin Hart has them", cast.ana.pk)
        assert said == "Answered: “Colin Hart has them”."

    def test_the_same_again_does_nothing_and_says_the_same(self, cast, shown):
        said = [self.say(shown, text) for text in ("Colin has them", "Colin has them", "No, Dana")]

        assert len(set(said)) == 1
        assert fresh(self.question).answer == "Colin has them"

    def test_what_isn_t_clear_can_be_answered_anew(self, cast, shown):
        with pytest.raises(Refusal, match="write the answer itself"):
            self.say(shown, "done")

        self.say(shown, "Colin has them")

        assert fresh(self.question).answer == "Colin has them"

    def test_a_made_up_token_does_nothing(self, cast, shown):
        for token in ("", "0" * 40, token_of("another")):
            with pytest.raises(Unknown):
                answer(shown["key"], token, "Colin", said_at=MONDAY, at=MONDAY)

        assert fresh(self.question).answer == ""

    def test_a_device_that_was_taken_off_answers_nothing_any_more(self, cast, shown):
        devices.take_off(PushDevice.objects.get().pk, by=cast.ana)

        with pytest.raises(Unknown):
            self.say(shown, "Colin")

    def test_who_left_answers_nothing_any_more(self, cast, shown):
        Member.objects.filter(pk=cast.ana.pk).update(is_active=False)

        with pytest.raises(Unknown):
            self.say(shown, "Colin")

    def test_the_worker_answers_without_anybody_signed_in(self, cast, shown):
        worker = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
        sent = {"key": shown["key"], "token": shown["token"], "text": "Colin has them"}

        answers = [worker.post(shown["to"], sent) for _ in range(2)]
        elsewhere = worker.post(shown["to"], sent, headers={"Sec-Fetch-Site": "cross-site"})

        assert [one.content.decode() for one in answers] == ["Answered: “Colin has them”."] * 2
        assert elsewhere.status_code == 403


def test_a_handoff_is_accepted_in_the_notification(cast, service):
    phone = told(cast.ben, service)
    handoff = offered(cast, key_holder={"name": "Colin Hart"})
    notices.send_due(MONDAY + MINUTE)
    shown = phone.read(service.asked[0])

    assert [one["title"] for one in shown["actions"]] == ["Accept"]
    said_at = MONDAY + HOUR
    answer(shown["answer"]["key"], shown["answer"]["token"], shown["actions"][0]["action"], said_at=said_at, at=said_at)

    assert fresh(handoff).state == "accepted"


def test_a_reply_that_is_owed_is_put_off_until_tomorrow_with_one_button(cast, service):
    phone = told(cast.ana, service, wants="all")
    cast.mail(cast.deal(contact=cast.contact(), next_step={"what": "wait", "at": None, "by": str(cast.ana.pk)}))
    notices.send_due(MONDAY + MINUTE)
    shown = next(phone.read(push) for push in service.asked if "Reply" in phone.read(push)["title"])

    [tomorrow] = shown["actions"]
    answer(
        shown["answer"]["key"], shown["answer"]["token"], tomorrow["action"], said_at=MONDAY + HOUR, at=MONDAY + HOUR
    )

    duty = Duty.objects.unscoped("tests").get(behavior="answer-enquiry")
    assert duty.state == "open"
    assert duty.later_until.date() == (MONDAY + timedelta(days=1)).date()
