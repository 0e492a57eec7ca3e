"""Webhooks out: signed, in order, again and again, to nobody inside, and never more than their maker may see."""

import json
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from baton.capture.models import Outgoing
from baton.gate.hooks import calling, sending, signing, switching
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, NewInteraction, said
from baton.ledger.recording import record
from baton.members.models import Member
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh
from tests.channels.outside import Asked, outside

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" * 1
STAGES = ["stage.entered"]


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def there(settings):
    with outside(settings) as running:
        yield running


def subscribed(there, member, kinds=STAGES, path="/hook", name="Books") -> Subscription:
    made = switching.subscribe(name, there.address + path, kinds, SECRET, by=member, at=MONDAY)
    there.asked.clear()
    return made


def move(deal, stage, by, at=MONDAY) -> None:
    record(said("deal", deal.pk, stage=stage), by=Author(by), at=at)


def send(at=MONDAY + MINUTE, *, again=False) -> None:
    while sending.send_due(at, again=again):
        pass


def verified(asked: Asked, at, secret=SECRET) -> dict:
    with time_machine.travel(at, tick=False):
        return Webhook(secret).verify(asked.body, asked.headers)


def states(subscription) -> list[str]:
    rows = HookDelivery.objects.unscoped("tests").filter(subscription=subscription.pk)
    return list(rows.order_by("pk").values_list("state", flat=True))


def test_what_happens_is_told_in_the_form_and_with_the_signature_of_the_specification(cast, there):
    deal = cast.deal()
    subscribed(there, cast.tomas)
    move(deal, "visited", cast.ana)

    send()

    [asked] = there.asked
    told = verified(asked, MONDAY + MINUTE)
    assert (told["type"], told["data"]["detail"], told["data"]["by"]) == ("stage.entered", "visited", "Ana Horvat")
    assert told["data"]["deal"] == {
        "id": str(deal.pk), "title": "Quayside Tower", "stage": "visited", "desk": "sales", "status": "open",
    }  # fmt: skip
    with pytest.raises(WebhookVerificationError):
        verified(Asked("POST", "/", asked.headers, asked.body + b" "), MONDAY + MINUTE)


def test_nothing_is_told_of_what_was_rolled_back(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.tomas)

    with pytest.raises(Refusal):
        record(
            [*said("deal", deal.pk, stage="visited"), *said("deal", deal.pk, stage="nowhere")],
            by=Author(cast.ana),
            at=MONDAY,
        )

    assert states(hook) == []


def test_a_record_s_messages_keep_their_order_while_another_record_s_go_on(cast, there):
    stuck, other = cast.deal("Stuck"), cast.deal("Other")
    hook = subscribed(there, cast.tomas)
    move(stuck, "visited", cast.ana)
    there.say("/hook", {}, status=503)
    send()
    there.answers.clear()
    move(stuck, "quoted", cast.ana, MONDAY + 2 * MINUTE)
    move(other, "visited", cast.ana, MONDAY + 2 * MINUTE)
    there.asked.clear()

    send(MONDAY + 2 * MINUTE, again=True)
    send(MONDAY + 2 * MINUTE)

    told = [json.loads(asked.body)["data"] for asked in there.asked]
    assert sorted((one["deal"]["title"], one["detail"]) for one in told) == [
        ("Other", "visited"), ("Stuck", "quoted"), ("Stuck", "visited"),
    ]  # fmt: skip
    assert [one["detail"] for one in told if one["deal"]["title"] == "Stuck"] == ["visited", "quoted"]
    assert states(hook) == ["sent"] * 3


def test_one_that_fails_is_tried_ten_times_in_three_days_then_switched_off_and_its_maker_is_told(cast, there, settings):
    settings.MAIL_IS_SET_UP = True
    deal, hook = cast.deal(), subscribed(there, cast.ana)
    there.say("/hook", {}, status=500)
    move(deal, "visited", cast.ana)
    at, tries = MONDAY + MINUTE, []

    send(at)
    while len(tries) < 20 and (row := HookDelivery.objects.unscoped("tests").get()).due_at:
        tries.append(at)
        at = row.due_at
        send(at, again=True)

    hook = fresh(hook)
    assert (len(tries) + 1, at - MONDAY > timedelta(days=3), at - MONDAY < timedelta(days=4)) == (10, True, True)
    assert len({asked.headers["webhook-id"] for asked in there.asked}) == 1
    assert (hook.state, hook.because) == ("off", "It took nothing for three days: It answered 500.")
    assert Outgoing.objects.unscoped("tests").get().to == "ana@lime.example"


def test_one_that_is_gone_for_good_is_switched_off_at_once_and_told_no_more(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ana)
    there.say("/hook", {}, status=410)
    move(deal, "visited", cast.ana)

    send()
    move(deal, "quoted", cast.ana, TUESDAY)

    assert (fresh(hook).state, states(hook)) == ("off", ["failed"])


def test_one_that_answers_again_is_told_at_once_what_waited_and_counts_as_well(cast, there):
    first, second, hook = cast.deal("One"), cast.deal("Two"), subscribed(there, cast.ana)
    there.say("/hook", {}, status=503)
    move(first, "visited", cast.ana)
    move(second, "visited", cast.ana)
    send()
    failing = fresh(hook).failing_since
    there.answers.clear()
    HookDelivery.objects.unscoped("tests").filter(told__deal=str(first.pk)).update(due_at=MONDAY + HOUR)
    HookDelivery.objects.unscoped("tests").filter(told__deal=str(second.pk)).update(due_at=MONDAY + 2 * HOUR)

    send(MONDAY + HOUR, again=True)
    send(MONDAY + HOUR)

    assert (failing, fresh(hook).failing_since, states(hook)) == (MONDAY + MINUTE, None, ["sent", "sent"])


def test_a_message_is_replayed_by_hand_with_the_same_id(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ana)
    move(deal, "visited", cast.ana)
    send()

    row = HookDelivery.objects.unscoped("tests").select_related("subscription").get()
    switching.replay(row, by=cast.ana, at=TUESDAY)
    send(TUESDAY)

    assert len({asked.headers["webhook-id"] for asked in there.asked}) == 1
    assert (len(there.asked), states(hook)) == (2, ["sent"])
    with pytest.raises(Refusal):
        switching.replay(row, by=cast.tomas, at=TUESDAY)


def test_whether_its_maker_may_see_it_is_asked_when_it_is_sent(settings, there):
    cast = Cast("own")
    deal = cast.deal(owner=cast.ana)
    sees, sees_not = subscribed(there, cast.ana), subscribed(there, cast.ben, name="Crew", path="/crew")
    move(deal, "visited", cast.ana)

    send()

    assert ([asked.path for asked in there.asked], states(sees), states(sees_not)) == (
        ["/hook"],
        ["sent"],
        ["withheld"],
    )


def test_private_mail_is_told_to_nobody_but_who_holds_it(cast, there):
    deal = cast.deal(contact=cast.contact())
    hooks = [subscribed(there, one, ["interaction.in"], name=one.name) for one in (cast.ana, cast.tomas)]
    filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "audience": "private"}
    mail = NewInteraction("email", "in", "email", MONDAY, subject="x", text="y", holders=(cast.ana.pk,), filed=filed)
    record(interactions=[mail], by=Author(None, "email"), at=MONDAY)

    send()

    assert [states(hook) for hook in hooks] == [["sent"], ["withheld"]]
    assert b"subject" not in there.asked[0].body


def test_who_left_hears_nothing_more(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ben)
    move(deal, "visited", cast.ana)
    Member.objects.filter(pk=cast.ben.pk).update(is_active=False)

    send()

    assert (there.asked, fresh(hook).state) == ([], "off")


@pytest.mark.parametrize(
    "address",
    ["http://example.com/x", "https://127.0.0.1/x", "https://localhost/x", "https://169.254.169.254/latest",
     "https://[::1]/", "ftp://example.com", "https://10.0.0.8:8443/", "https://user:pw@example.com/", "nowhere"],
)  # fmt: skip
def test_no_message_goes_to_an_address_inside_the_network_or_one_that_others_read_along(cast, address):
    with pytest.raises(Refusal):
        switching.subscribe("Inside", address, STAGES, SECRET, by=cast.tomas, at=MONDAY)

    assert Subscription.objects.unscoped("tests").count() == 0


def test_a_redirect_is_not_followed(cast, there):
    there.say("/hook", {}, status=302)

    with pytest.raises(Refusal) as why:
        switching.subscribe("Away", there.address + "/hook", STAGES, SECRET, by=cast.tomas, at=MONDAY)

    assert "pointed elsewhere" in why.value.sentence
    assert len(there.asked) == 1


def test_the_secret_is_sealed_and_after_a_change_the_old_one_holds_for_a_day(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ana)
    other = signing.new_secret()
    switching.renew(hook, other, by=cast.ana, at=MONDAY)
    move(deal, "visited", cast.ana)

    send()
    move(deal, "quoted", cast.ana, TUESDAY + HOUR)
    send(TUESDAY + HOUR)

    first, second = there.asked
    assert verified(first, MONDAY + MINUTE)["type"] == verified(first, MONDAY + MINUTE, other)["type"]
    assert verified(second, TUESDAY + HOUR, other)
    with pytest.raises(WebhookVerificationError):
        verified(second, TUESDAY + HOUR)
    assert SECRET.encode() not in bytes(fresh(hook).secret._packed)


def test_an_automation_calls_one_webhook_by_its_name_once_by_its_key(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ana, name="Review site")

    new = [
        calling.call("review site", "run-1", {"ask": "review"}, about=deal.pk, deal=deal.pk, at=MONDAY) for _ in "ab"
    ]
    send()

    [asked] = there.asked
    told = verified(asked, MONDAY + MINUTE)
    assert (new, told["type"], told["data"]["ask"]) == ([True, False], "automation", "review")
    assert (told["data"]["deal"]["title"], states(hook)) == ("Quayside Tower", ["sent"])
    with pytest.raises(Refusal):
        calling.call("nowhere", "run-2", {}, about=deal.pk, at=MONDAY)


def test_what_came_by_an_import_of_history_is_not_told(cast, there):
    deal, hook = cast.deal(contact=cast.contact()), subscribed(there, cast.ana, ["interaction.in"])

    cast.mail(deal, live=False)

    assert states(hook) == []


def test_old_messages_are_forgotten_and_those_that_wait_are_kept(cast, there):
    deal, hook = cast.deal(), subscribed(there, cast.ana)
    move(deal, "visited", cast.ana)
    send()
    move(deal, "quoted", cast.ana, TUESDAY)

    sending.forget_old(MONDAY + timedelta(days=40))

    assert states(hook) == ["waiting"]
