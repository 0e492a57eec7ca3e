"""Reads what a CalDAV server answers (RFC 4918, 4791). Runs in the limited child, without Django."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from baton.capture.untrusted import Unreadable

DAV, CAL, SERVER = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
MOST_RESPONSES = 20_000
TEXTS = {"name": f"{DAV}displayname", "sync": f"{DAV}sync-token", "ctag": f"{SERVER}getctag"}
HREFS = {"principal": f"{DAV}current-user-principal", "home": f"{CAL}calendar-home-set"}


def read_multistatus(raw: bytes) -> list[dict[str, Any]]:
    """Return one dict for each response: "href", "calendar" (whether it is one), its marks, and "data" as bytes.

    Raises `Unreadable` for what is no answer of such a server.
    """
    if b"<!DOCTYPE" in raw[:2000].upper() or b"<!ENTITY" in raw.upper():
        raise Unreadable("The server’s answer defines entities, which none does.")
    try:
        root = ET.fromstring(raw)  # noqa: S314 - no document type, in the limited child
    except ET.ParseError as why:
        raise Unreadable("The server’s answer is no XML.") from why
    if root.tag != f"{DAV}multistatus":
        raise Unreadable("The server doesn’t answer as CalDAV does.")
    return [_response(one) for one in root.findall(f"{DAV}response")[:MOST_RESPONSES]]


def _response(node: ET.Element) -> dict[str, Any]:
    found: dict[str, Any] = {"href": _text(node.find(f"{DAV}href")), "data": b""}
    found["calendar"] = node.find(f".//{DAV}resourcetype/{CAL}calendar") is not None
    components = [one.get("name", "").upper() for one in node.iter(f"{CAL}comp")]
    found["events"] = not components or "VEVENT" in components
    found |= {name: _text(node.find(f".//{tag}")) for name, tag in TEXTS.items()}
    found |= {name: _text(node.find(f".//{tag}/{DAV}href")) for name, tag in HREFS.items()}
    data = node.find(f".//{CAL}calendar-data")
    if data is not None and data.text:
        found["data"] = data.text.encode()
    return found


def _text(node: ET.Element | None) -> str:
    return (node.text or "").strip()[:1000] if node is not None else ""
