"""What a message of any kind says, in words: a place, a contact card, an order, the button that was pressed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Told = dict[str, Any]


def words_of(message: Told) -> str:
    """Return the words of a message; those beside a picture, what a place is called, what was chosen."""
    kind = str(message.get("type"))
    one = message.get(kind)
    if kind in _WORDS:
        return _WORDS[kind](one if isinstance(one, dict | list) else {}).strip()
    return str(one.get("caption") or "").strip() if isinstance(one, dict) else ""


def _place(one: Any) -> str:
    named = ", ".join(str(one[name]) for name in ("name", "address") if one.get(name))
    at = f"{one.get('latitude')}, {one.get('longitude')}"
    return f"{named} ({at})" if named else at


def _cards(cards: Any) -> str:
    return "\n".join(_card(card) for card in cards if isinstance(card, dict)) if isinstance(cards, list) else ""


def _card(card: Told) -> str:
    phones = [str(phone.get("phone") or phone.get("wa_id") or "") for phone in card.get("phones") or ()]
    emails = [str(email.get("email") or "") for email in card.get("emails") or ()]
    name = str((card.get("name") or {}).get("formatted_name") or "")
    return " ".join(part for part in (name, *phones, *emails) if part)


def _order(one: Any) -> str:
    lines = [
        f"{item.get('quantity')} × {item.get('product_retailer_id')}, {item.get('item_price')} {item.get('currency')}"
        for item in one.get("product_items") or ()
    ]
    return "\n".join([str(one.get("text") or ""), *lines]).strip()


def _chosen(one: Any) -> str:
    reply = one.get(str(one.get("type")))
    if not isinstance(reply, dict):
        return ""
    if "response_json" in reply:
        return _form(str(reply["response_json"]))
    told = [reply.get("title"), reply.get("description"), reply.get("response")]
    return "\n".join(str(part) for part in told if part)


def _form(text: str) -> str:
    """Return what was filled in, a line each; not the token that names the form."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return text[:2000]
    rows = told.items() if isinstance(told, dict) else ()
    return "\n".join(f"{name}: {value}" for name, value in rows if name != "flow_token")


_WORDS: dict[str, Callable[[Any], str]] = {
    "text": lambda one: str(one.get("body") or ""),
    "location": _place,
    "contacts": _cards,
    "order": _order,
    "button": lambda one: str(one.get("text") or ""),
    "interactive": _chosen,
}
