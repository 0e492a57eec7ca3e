"""WhatsApp's Cloud API: what Meta signed is taken apart and read, each thing once; the rest is refused."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta

import pytest

from baton.capture import fetching, outbox
from baton.capture.arrival import Notice
from baton.capture.channels import Call
from baton.capture.models import Outgoing
from baton.channels.whatsapp import sending, templates
from baton.channels.whatsapp.reading import read_piece
from baton.channels.whatsapp.receiving import pieces
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact, File
from tests.cast import HOUR, MINUTE, MONDAY, Cast
from tests.channels.outside import outside
from tests.channels.telephones import (
    ANAS_PHONE,
    DANA,
    OURS,
    STRANGER,
    line,
    own_phone,
    read_all,
    recorded,
    tell,
    with_phone,
    words_of,
)

pytestmark = pytest.mark.django_db
APP, VERIFY = "app-secret", "a word of our own"
SECRETS = {"access_token": "t", "app_secret": APP, "verify_token": VERIFY}
WHO = {"ours": [], "our_domains": [], "zone": "Europe/London", "currency": "GBP", "at": MONDAY}


def signed(body: bytes, secret: str = APP) -> Call:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Call("POST", "https://baton.example/hooks/1/", {"x-hub-signature-256": f"sha256={digest}"}, body)


def post(*messages, kind="messages", **more) -> bytes:
    value = {"metadata": {"display_phone_number": OURS[1:], "phone_number_id": "1"}, kind: list(messages)} | more
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "x", "entry": [{"id": "1", "changes": [change]}]}).encode()


def text(words="Could we start on 1 December?", sender=DANA, key="wamid.1", at=MONDAY, **more) -> dict:
    stamp = str(int(at.timestamp()))
    return {"from": sender[1:], "id": key, "timestamp": stamp, "type": "text", "text": {"body": words}} | more


def whatsapp(**settings):
    return line("whatsapp", SECRETS, phone_number_id="1", account_id="2", **settings)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), "07700 900123")
    return cast.deal(contact=contact, company=company)


# What comes in


def test_a_message_goes_to_the_senders_one_open_deal(cast, deal):
    tell(whatsapp(), signed(post(text(), contacts=[{"profile": {"name": "Dee"}, "wa_id": DANA[1:]}])))

    read_all()

    [chat] = recorded()
    assert (chat.kind, chat.deal_id, chat.from_name, chat.trust) == ("chat", deal.pk, "Dee", "signed")
    assert words_of(chat) == "Could we start on 1 December?"


def test_one_post_may_tell_several_things(cast, deal):
    connection = whatsapp()
    tell(connection, signed(post(text(key="a"), text("And the price?", key="b"))))

    read_all()

    assert [words_of(one) for one in recorded()] == ["Could we start on 1 December?", "And the price?"]
    assert len({one.thread for one in recorded()}) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("hub.mode=subscribe&hub.verify_token=a%20word%20of%20our%20own&hub.challenge=42", "42"),
        ("hub.mode=subscribe&hub.verify_token=another&hub.challenge=42", None),
        ("hub.mode=other&hub.verify_token=a%20word%20of%20our%20own&hub.challenge=42", None),
        ("", None),
    ],
)
def test_metas_first_question_is_answered_only_with_our_word(cast, query, said):
    call = Call("GET", f"https://baton.example/hooks/1/?{query}", {}, b"")
    if said is None:
        with pytest.raises(Refusal):
            tell(whatsapp(), call)
    else:
        assert tell(whatsapp(), call).body == said


@pytest.mark.parametrize("spoil", ["secret", "body", "header", "none"])
def test_what_is_not_metas_is_refused(cast, spoil):
    call = signed(post(text()), "another" if spoil == "secret" else APP)
    headers = {"header": {"x-hub-signature-256": "sha256=00"}, "none": {}}.get(spoil, dict(call.headers))

    with pytest.raises(Refusal):
        tell(whatsapp(), Call("POST", call.url, headers, call.body + (b" " if spoil == "body" else b"")))

    read_all()
    assert recorded() == []


def cases(shared):
    for path in sorted((shared / "webhooks/whatsapp-cloud-api").glob("*.json")):
        for name, body in json.loads(path.read_text(encoding="utf-8")).items():
            yield f"{path.stem}/{name}", json.dumps(body).encode()


def test_every_recorded_post_is_read_as_what_it_is(shared):
    read = {
        name: [read_piece(json.dumps(told).encode(), **WHO) for _key, told in pieces(body)]
        for name, body in cases(shared)
    }

    assert len(read) == 74
    assert {len(found) for found in read.values()} == {1}
    one = {name: found[0] for name, found in read.items()}
    said = {name: each.text for name, each in one.items() if not isinstance(each, Notice) and each.kind == "chat"}
    assert said["message/text"] == "Body Text"
    assert said["message/chosen_location"].startswith("Facebook HQ, 1 Hacker Way, Menlo Park, CA 94025 (37.46")
    assert said["message/contacts"].splitlines()[0] == "Chandler Bing +1 555-555-5555"
    assert said["message/order"].splitlines()[0] == "3 × HAMBURGER, 30 ILS"
    assert said["message/unsupported"] == ""
    assert said["callback_button/button"] == "title"
    assert said["flow_completion/completion"].splitlines()[0] == "comment_text: Comment Text"
    assert said["outgoing_message/text"] == "Test message"
    told = {name: (each.what, each.value) for name, each in one.items() if isinstance(each, Notice) and each.what}
    assert told["message/reaction"][1]["emoji"] == "😮"
    assert told["message/unreaction_empty"][1]["emoji"] == told["message/unreaction_no_emoji"][1]["emoji"] == ""
    assert told["system/phone_number_change"] == ("number", "+972912345678")
    assert told["deleted_message/revoke"] == ("withdrawn", True)
    assert told["edited_message/image"] == ("edited", {"text": "Updated image caption"})
    assert {name: what for name, (what, _value) in told.items() if name.startswith("message_status")} == {
        "message_status/delivered": "delivered",
        "message_status/read": "read",
        "message_status/played": "read",
        "message_status/failed": "failed",
        "message_status/group": "read",
    }
    call = one["call_terminate/call_terminate"]
    assert (call.kind, call.minutes, call.sender.address) == ("call", 2, "+16315553602")
    assert one["message/voice"].wanted[0].content_type == "audio/ogg"
    assert one["message/document"].wanted[0].name == "filename.pdf"
    assert "forwarded" in one["message/forwarded_many_times"].parts


def test_a_number_that_changed_leads_to_the_same_contact(cast, deal):
    connection = whatsapp()
    news = {"body": "changed", "wa_id": STRANGER[1:], "type": "user_changed_number"}
    changed = {"from": DANA[1:], "id": "s", "timestamp": "1753851315", "type": "system", "system": news}

    tell(connection, signed(post(changed))), read_all()
    tell(connection, signed(post(text(sender=STRANGER)))), read_all()

    contact = Contact.objects.unscoped("tests").get(pk=deal.contact_id)
    assert contact.values["phones"]["v"] == [STRANGER, "07700 900123"]
    assert [one.deal_id for one in recorded()] == [deal.pk]


def test_edits_reactions_and_deletions_stand_beside_what_was_said(cast, deal):
    connection = whatsapp()
    tell(connection, signed(post(text()))), read_all()
    edit = {"original_message_id": "wamid.1", "message": text("2 Dec")}
    more = [
        text(key="e", at=MONDAY + MINUTE, type="edit", edit=edit),
        text(key="r", at=MONDAY + MINUTE, type="reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}),
        text(key="d", at=MONDAY + HOUR, type="revoke", revoke={"original_message_id": "wamid.1"}),
    ]

    tell(connection, signed(post(*more)), MONDAY + HOUR), read_all(MONDAY + HOUR)

    [chat] = recorded()
    assert words_of(chat) == "Could we start on 1 December?"
    told = {name: kept["v"] for name, kept in chat.values.items() if name != "filed"}
    assert told == {"edited": {"text": "2 Dec"}, "reaction": {"emoji": "👍", "from": DANA}, "withdrawn": True}


def test_a_photo_is_fetched_checked_and_stands_on_the_deal(cast, deal, settings):
    photo = b"\xff\xd8photo"
    digest = b64encode(hashlib.sha256(photo).digest()).decode()
    with outside(settings) as meta:
        meta.say("/99", {"url": f"{meta.address}/photo"})
        meta.say("/photo", photo[:3], content_type="image/jpeg")
        image = {"id": "99", "mime_type": "image/jpeg", "sha256": digest, "caption": "The gate"}
        tell(whatsapp(api=meta.address), signed(post(text(type="image", image=image)))), read_all()
        fetching.fetch_due(MONDAY)
        half = File.objects.unscoped("tests").count()
        meta.say("/photo", photo, content_type="image/jpeg")
        fetching.fetch_due(MONDAY + HOUR)

    [file] = File.objects.unscoped("tests")
    assert (half, file.name, file.size, file.deal_id) == (0, "image.jpg", 7, deal.pk)
    assert {one.headers["authorization"] for one in meta.asked} == {"Bearer t"}


# What goes out


def test_within_a_day_any_words_go_and_stand_on_the_deal(cast, deal, settings):
    with outside(settings, {"messages": [{"id": "wamid.out"}]}) as meta:
        connection = whatsapp(api=meta.address)
        tell(connection, signed(post(text()))), read_all()
        sending.message(DANA, "Yes", key="k", by=cast.ana, at=MONDAY + HOUR, deal=deal)
        outbox.send_due(MONDAY + HOUR), read_all(MONDAY + HOUR)
        status = {"id": "wamid.out", "status": "read", "timestamp": "1794906000", "recipient_id": DANA[1:]}
        tell(connection, signed(post(status, kind="statuses"))), read_all(MONDAY + HOUR)

    assert meta.asked[0].json["text"]["body"] == "Yes"
    [_in, out] = recorded()
    assert (out.direction, out.author, out.deal_id, "read" in out.values) == ("out", cast.ana, deal.pk, True)


def test_after_a_day_only_an_approved_template_goes(cast, deal, settings):
    approved = {"name": "visit", "language": "en", "components": [{"type": "BODY", "text": "We come on {{1}}."}]}
    with outside(settings, {"messages": [{"id": "wamid.out"}]}) as meta:
        meta.say("/2/message_templates?status=APPROVED&limit=100", {"data": [approved]})
        connection = whatsapp(api=meta.address)
        tell(connection, signed(post(text()))), read_all()
        templates.hear(connection, MONDAY), connection.save()
        later = MONDAY + timedelta(hours=25)

        with pytest.raises(Refusal, match="24 hours"):
            sending.message(DANA, "Yes", key="k", by=cast.ana, at=later)
        with pytest.raises(Refusal, match="blank"):
            sending.template(DANA, "visit:en", [""], key="k", by=cast.ana, at=later)
        sending.template(DANA, "visit:en", ["Friday"], key="k", by=cast.ana, at=later, deal=deal)
        outbox.send_due(later), read_all(later)

    sent = meta.asked[-1].json
    assert (sent["type"], sent["template"]["name"]) == ("template", "visit")
    assert words_of(recorded()[-1]) == "We come on Friday."


# What members send from their own phone


def answers() -> list[str]:
    return [one.body["text"] for one in Outgoing.objects.unscoped("tests").order_by("asked_at", "pk")]


def test_a_forward_that_names_somebody_is_filed_and_answered(cast, deal):
    own_phone(cast.ana)
    forwarded = text("Dana Whitlock: the gate code is 4417", ANAS_PHONE, context={"forwarded": True})

    tell(whatsapp(), signed(post(forwarded))), read_all()

    [chat] = recorded()
    assert (chat.direction, chat.deal_id, answers()) == ("in", deal.pk, ["Filed: Quayside Tower."])


def test_a_forward_that_names_nobody_waits_and_is_filed_by_the_answer(cast, deal):
    own_phone(cast.ana)
    connection = whatsapp()
    tell(connection, signed(post(text("the code is 4417", ANAS_PHONE, context={"forwarded": True})))), read_all()

    tell(connection, signed(post(text("Dana Whitlock", ANAS_PHONE, "wamid.2"))), MONDAY + MINUTE)
    read_all(MONDAY + MINUTE)

    assert answers() == ["Kept in your Inbox. Whose is it? Answer with a name or the deal.", "Filed: Quayside Tower."]
    assert {one.deal_id for one in recorded() if one.direction == "in"} == {deal.pk}


def test_a_line_from_a_members_own_phone_is_a_quick_line(cast, deal):
    own_phone(cast.ana)

    tell(whatsapp(), signed(post(text("Called Dana Whitlock, quote by Friday", ANAS_PHONE)))), read_all()

    call = next(one for one in recorded() if one.kind == "call")
    assert (call.deal_id, call.author) == (deal.pk, cast.ana)
    assert answers()[0].startswith("Recorded")


def test_the_same_words_from_a_strangers_phone_are_a_strangers_message(cast, deal):
    tell(whatsapp(), signed(post(text("Dana Whitlock", STRANGER, context={"forwarded": True})))), read_all()

    assert ([one.deal_id for one in recorded()], answers()) == ([None], [])
