"""From one piece of what Meta tells to a message, a call, or news of one. Read in the limited child.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components. A reaction with no emoji takes one back; a
kind that isn't passed on has errors and no words; moments are text, in seconds.
"""

from __future__ import annotations

import mimetypes
from typing import Any

from baton.capture.arrival import Arrival, Notice, Party, WantedFile
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, digest, minutes, moment, spoken, table
from baton.channels.whatsapp.wording import words_of

Told = dict[str, Any]
MEDIA = ("image", "video", "audio", "voice", "document", "sticker")
STATUSES = {"delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
FORWARDED = Party("Forwarded", "")


def read_piece(raw: bytes, **who_we_are: Any) -> Arrival | Notice:
    """Read one piece. Raises `Unreadable` for what isn't Meta's."""
    told, reader = table(raw), Reader(**who_we_are)
    for name, read in (("message", _message), ("echo", _echo), ("status", _status), ("call", _call)):
        if isinstance(told.get(name), dict):
            return read(told[name], told, reader)
    if "news" in told:
        return Notice("", "", "", _news(told))
    raise Unreadable("It isn’t what WhatsApp sends.")


def number(digits: Any, reader: Reader) -> str:
    """Return a number as WhatsApp writes it (without the plus) in E.164."""
    plain = "".join(sign for sign in str(digits or "") if sign.isdigit())
    return (reader.number(f"+{plain}") or f"+{plain}") if plain else ""


def ours_of(told: Told, reader: Reader) -> str:
    """Return the number of the business that a piece is about."""
    return number((told.get("metadata") or {}).get("display_phone_number"), reader)


def own_id(message: Told) -> str:
    """Return the digest under which others refer to a message."""
    return digest("id", str(message.get("id")))


# Messages


def _message(message: Told, told: Told, reader: Reader) -> Arrival | Notice:
    key = f"whatsapp:{message.get('id')}"
    notice = _about_another(message, key, reader)
    if notice:
        return notice
    sender = Party(_name_in(told), number(message.get("from"), reader))
    ours = ours_of(told, reader)
    return _written(message, sender, Party("", ours), ours, reader)


def _name_in(told: Told) -> str:
    """Return the name that the other side gave itself; there may be none."""
    contacts = told.get("contacts") or [{}]
    return str((contacts[0].get("profile") or {}).get("name") or "")[:200]


def _echo(message: Told, told: Told, reader: Reader) -> Arrival | Notice:
    """What we wrote on the phone of the business, or sent from here."""
    key = f"whatsapp:{message.get('id')}"
    notice = _about_another(message, key, reader)
    if notice:
        return notice
    ours = ours_of(told, reader) or number(message.get("from"), reader)
    return _written(message, Party("", ours), Party(_name_in(told), number(message.get("to"), reader)), ours, reader)


def _written(message: Told, sender: Party, to: Party, ours: str, reader: Reader) -> Arrival:
    sent_at, text = moment(message.get("timestamp")), words_of(message)
    arrival = spoken("chat", str(message.get("id")), sender=sender, to=to, ours=ours, sent_at=sent_at, text=text)
    context = message.get("context") or {}
    arrival.answers = (own_id(context),) if context.get("id") else ()
    arrival.wanted = tuple(_media(message))
    arrival.parts |= _marks(message, context)
    if sender.address in reader.ours and to.address in {ours, *reader.ours}:
        _from_one_of_us(arrival, sender)
    return reader.read(arrival)


def _from_one_of_us(arrival: Arrival, sender: Party) -> None:
    """A member wrote to the business's own number: what they passed on is a customer's, the rest is theirs."""
    arrival.topic = ""
    if arrival.parts.get("forwarded"):
        arrival.sender = FORWARDED
        arrival.parts["passed_on_by"] = sender.address


def _marks(message: Told, context: Told) -> Told:
    marks: Told = {}
    if context.get("forwarded") or context.get("frequently_forwarded"):
        marks["forwarded"] = True
    if isinstance(message.get("referral"), dict):
        marks["came_from"] = str(message["referral"].get("headline") or message["referral"].get("source_url"))[:200]
    if message.get("type") == "unsupported":
        marks["unsupported"] = True
    return marks


def _media(message: Told) -> list[WantedFile]:
    found = []
    for kind in MEDIA:
        one = message.get(kind)
        if isinstance(one, dict) and one.get("id"):
            mime = str(one.get("mime_type") or "").partition(";")[0].strip()
            name = str(one.get("filename") or f"{kind}{mimetypes.guess_extension(mime) or ''}")
            where = {"media": str(one["id"]), "sha256": str(one.get("sha256") or "")}
            found.append(WantedFile(f"whatsapp:{message.get('id')}:{one['id']}", name, mime, where))
    return found


# What is said of a message that stands already


def _about_another(message: Told, key: str, reader: Reader) -> Notice | None:
    kind, at = message.get("type"), moment(message.get("timestamp"))
    one = message.get(str(kind))
    one = one if isinstance(one, dict) else {}
    if kind == "reaction":
        value = {"emoji": str(one.get("emoji") or "")[:20], "from": number(message.get("from"), reader)}
        return Notice(key, digest("id", str(one.get("message_id"))), "reaction", value, at)
    if kind == "revoke":
        return Notice(key, digest("id", str(one.get("original_message_id"))), "withdrawn", True, at)
    if kind == "edit":
        text = words_of(one.get("message") or {})
        return Notice(key, digest("id", str(one.get("original_message_id"))), "edited", {"text": text}, at)
    if kind == "system":
        return _system(one, message, key, reader)
    return None


def _system(one: Told, message: Told, key: str, reader: Reader) -> Notice:
    new = one.get("wa_id") or one.get("new_wa_id")
    if str(one.get("type", "")).endswith("changed_number") and new:
        return Notice(key, number(message.get("from"), reader), "number", number(new, reader))
    return Notice(key, "", "", str(one.get("body") or "News of WhatsApp’s.")[:300])


def _status(status: Told, told: Told, reader: Reader) -> Notice:
    what = STATUSES.get(str(status.get("status")).lower())
    key = f"whatsapp:{status.get('id')}:{status.get('status')}:{status.get('recipient_participant_id', '')}"
    if what is None:
        return Notice(key, "", "", f"On its way: {status.get('status')}.")
    value = {"because": _because(status)} if what == "failed" else {}
    return Notice(key, own_id(status), what, value, moment(status.get("timestamp")))


def _because(status: Told) -> str:
    error = (status.get("errors") or [{}])[0]
    details = (error.get("error_data") or {}).get("details")
    return str(details or error.get("title") or "WhatsApp didn’t say why.")[:300]


# Calls, and news of the account


def _call(call: Told, told: Told, reader: Reader) -> Arrival | Notice:
    """A call becomes one when it ends; both sides stand in it."""
    key = f"whatsapp:{call.get('id')}:{call.get('event')}"
    if call.get("event") != "terminate":
        return Notice(key, "", "", "A call on its way.")
    is_out = call.get("direction") == "BUSINESS_INITIATED"
    caller, called = number(call.get("from"), reader), number(call.get("to"), reader)
    name = _name_in(told)
    sender, to = Party("" if is_out else name, caller), Party(name if is_out else "", called)
    ours, began = caller if is_out else called, moment(call.get("start_time") or call.get("timestamp"))
    arrival = spoken("call", str(call.get("id")), sender=sender, to=to, ours=ours, sent_at=began)
    arrival.minutes = minutes(call.get("duration"))
    if is_out:
        arrival.parts |= {} if arrival.minutes else {"unanswered": True}
    else:
        arrival.parts |= {"answered": True} if arrival.minutes else {"missed": True}
    return arrival


def _news(told: Told) -> str:
    value = told["news"] if isinstance(told["news"], dict) else {}
    what = value.get("event") or value.get("new_category") or value.get("new_quality_score") or ""
    name = value.get("message_template_name") or ""
    return " ".join(str(part) for part in ("WhatsApp:", told.get("field"), name, what) if part)[:300]
