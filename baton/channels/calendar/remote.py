"""A calendar that lies elsewhere: at an address (webcal, https), or on a CalDAV server; read only when it changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
from django.utils.translation import gettext as _

from baton.capture.untrusted import Unreadable, allow, parse_untrusted
from baton.channels.calendar.splitting import MOST_BYTES
from baton.kernel.connecting import http
from baton.kernel.verdict import Refusal

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST_CALENDARS = 10
READ = allow("baton.channels.calendar.multistatus.read_multistatus")
XML = {"Content-Type": 'application/xml; charset="utf-8"'}
NAMES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'
ASKED = (
    f"<d:propfind {NAMES}><d:prop><d:resourcetype/><d:displayname/><d:sync-token/><s:getctag/>"
    "<c:supported-calendar-component-set/><d:current-user-principal/><c:calendar-home-set/></d:prop></d:propfind>"
)
QUERY = (
    f"<c:calendar-query {NAMES}><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter>"
    '<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{start}" end="{end}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


@dataclass(slots=True)
class Found:
    """What lies there now, as calendars; `marks` tell the next time whether it changed."""

    raws: list[bytes] = field(default_factory=list)
    marks: dict[str, Any] = field(default_factory=dict)


def look(settings: dict[str, Any], secret: dict[str, str], marks: dict[str, Any], at: datetime) -> Found | None:
    """Return what lies at the address, None where it is as it was. Raises `Refusal` with what is wrong."""
    address = address_of(secret.get("address", ""))
    try:
        with http() as client:
            login = _login(settings, secret)
            if settings.get("how") == "caldav":
                return _Server(client, address, login).look(marks, at)
            return _download(client, address, login, marks)
    except httpx2.HTTPError as why:
        raise Refusal(_("It can’t be read: %(why)s.") % {"why": type(why).__name__}) from why


def address_of(typed: str) -> str:
    """Return the address to read: `webcal:` is https by another name."""
    plain = typed.strip()
    scheme, colon, rest = plain.partition(":")
    return f"https:{rest}" if colon and scheme.lower() in {"webcal", "webcals"} else plain


def _login(settings: dict[str, Any], secret: dict[str, str]) -> tuple[str, str] | None:
    user, password = str(settings.get("user", "")), secret.get("password", "")
    return (user, password) if user or password else None


def _download(client: Any, address: str, login: Any, marks: dict[str, Any]) -> Found | None:
    asked = {"If-None-Match": marks["etag"]} if marks.get("etag") else {}
    asked |= {"If-Modified-Since": marks["modified"]} if marks.get("modified") else {}
    with client.stream("GET", address, headers=asked, auth=login) as answer:
        if answer.status_code == 304:
            return None
        _refuse(answer.status_code, 200)
        raw = _limited(answer)
        told = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    if b"BEGIN:VCALENDAR" not in raw[:5000].upper():
        raise Refusal(_("What lies at that address is no calendar. Copy the address that ends in .ics."))
    return Found([raw], {name: value[:300] for name, value in told.items() if value})


def _refuse(code: int, wanted: int) -> None:
    if code == wanted:
        return
    if code in {401, 403}:
        raise Refusal(_("It doesn’t let us in: the name or the password is wrong, or the address ended."))
    if code in {404, 410}:
        raise Refusal(_("There is no calendar at that address."))
    raise Refusal(_("The server answers %(code)d instead of giving the calendar.") % {"code": code})


def _limited(answer: httpx2.Response) -> bytes:
    raw = bytearray()
    for piece in answer.iter_bytes():
        raw += piece
        if len(raw) > MOST_BYTES:
            raise Refusal(_("The calendar is larger than 20 MB."))
    return bytes(raw)


class _Server:
    """The few requests of CalDAV that are needed, by hand. It is asked for nothing but calendars."""

    def __init__(self, client: Any, address: str, login: Any) -> None:
        self.client, self.address, self.login = client, address, login

    def look(self, marks: dict[str, Any], at: datetime) -> Found | None:
        """Return what lies in the calendars, None where none of them changed (by sync token or ctag)."""
        there = self.calendars()
        now = {one["href"]: one["sync"] or one["ctag"] for one in there}
        if all(now.values()) and now == marks.get("calendars"):
            return None
        raws = [raw for one in there for raw in self._events(one["href"], at)]
        return Found(raws, {"calendars": now})

    def calendars(self) -> list[dict[str, Any]]:
        """Return the calendar at the address, else those of whoever signs in (RFC 6764, 6)."""
        here = self._ask(self.address, "0")
        found = [one for one in here if one["calendar"]]
        if found:
            return [{**found[0], "href": self.address}]
        home = self._home(here) or self._home(self._ask(urljoin(self.address, "/.well-known/caldav"), "0"))
        listed = self._ask(home, "1") if home else []
        calendars = [one for one in listed if one["calendar"] and one["events"]][:MOST_CALENDARS]
        if not calendars:
            raise Refusal(_("There is no calendar at that address, nor does it say where yours are."))
        return [{**one, "href": self._inside(home, one["href"])} for one in calendars]

    def _home(self, answers: Iterable[dict[str, Any]]) -> str:
        home = next((one["home"] for one in answers if one["home"]), "")
        if home:
            return self._inside(self.address, home)
        principal = next((one["principal"] for one in answers if one["principal"]), "")
        if not principal:
            return ""
        at_principal = self._ask(self._inside(self.address, principal), "0")
        home = next((one["home"] for one in at_principal if one["home"]), "")
        return self._inside(self.address, home) if home else ""

    def _inside(self, base: str, href: str) -> str:
        """The address that is meant; the password goes to no other host than the one it was given for."""
        address = urljoin(base, href)
        if urlsplit(address).netloc != urlsplit(self.address).netloc:
            told = {"host": urlsplit(address).netloc}
            raise Refusal(_("The server points to another one (%(host)s): connect that.") % told)
        return address

    def _events(self, calendar: str, at: datetime) -> list[bytes]:
        span = {"start": f"{at - BACK:%Y%m%dT%H%M%SZ}", "end": f"{at + AHEAD:%Y%m%dT%H%M%SZ}"}
        answers = self._send("REPORT", calendar, QUERY.format(**span), "1")
        return [one["data"] for one in answers if one["data"]]

    def _ask(self, address: str, depth: str) -> list[dict[str, Any]]:
        return self._send("PROPFIND", address, ASKED, depth)

    def _send(self, method: str, address: str, body: str, depth: str) -> list[dict[str, Any]]:
        headers = XML | {"Depth": depth}
        with self.client.stream(method, address, content=body.encode(), headers=headers, auth=self.login) as answer:
            _refuse(answer.status_code, 207)
            raw = _limited(answer)
        try:
            return parse_untrusted(READ, raw, seconds=8.0)
        except Unreadable as why:
            raise Refusal(str(why)) from why
