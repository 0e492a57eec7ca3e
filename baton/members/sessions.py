"""Where a member is signed in. Ending a session takes effect with its next request.

Each sign-in leaves a `UserSession` (django-allauth) with the browser's words about itself, beside Django's own session.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Max

from baton.kernel.writer import writing
from baton.members.models import Member

BROWSERS = (
    ("Edge", r"Edg(?:A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
DEVICES = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh"),
    ("Chromebook", r"CrOS"),
    ("Linux", r"Linux"),
)


def device_words(user_agent: str) -> tuple[str, str]:
    """Return the browser and the device in words, as far as the browser says so ("Firefox", "Android")."""
    return _first(BROWSERS, user_agent), _first(DEVICES, user_agent)


def _first(known: Iterable[tuple[str, str]], text: str) -> str:
    return next((name for name, sign in known if re.search(sign, text)), "")


def sessions_of(member: Member) -> list[UserSession]:
    """Return the sessions that are open now, the one used last first."""
    rows = UserSession.objects.filter(user=member).order_by("-last_seen_at", "-pk")
    return [session for session in rows if session.exists()]


def last_seen() -> dict[object, object]:
    """Return member id → when they were last here, as far as their sessions tell."""
    rows = UserSession.objects.values("user").annotate(seen=Max("last_seen_at"))
    return {row["user"]: row["seen"] for row in rows}


def end_session(member: Member, session_id: int) -> bool:
    """End one session of this member's; False where there is no such one."""
    return _end(UserSession.objects.filter(user=member, pk=session_id))


def end_sessions(member: Member, *, but: str | None = None) -> bool:
    """End all sessions of this member's, but the one with this key."""
    rows = UserSession.objects.filter(user=member)
    return _end(rows.exclude(session_key=but) if but else rows)


def _end(rows: Iterable[UserSession]) -> bool:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ended = False
    with writing():
        for session in rows:
            store.delete(session.session_key)
            session.delete()
            ended = True
    return ended
