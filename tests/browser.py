"""A server and a browser for the journeys.

The server is the whole of Baton behind its own middleware, static files included; the browser is the machine's
Chromium. A page that breaks the content policy, or whose script fails, fails its journey.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHTS = {390: 844, 1440: 900}
PHONE = 600  # narrower is a touch screen
PATIENCE = 10_000  # milliseconds; two tests share two cores with a server and a browser each
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
EXPECTED = "Failed to load resource"  # what Chromium prints of a refusal that the page shows in words


class Door:
    """A WSGI application that knows how many requests are inside it."""

    def __init__(self, application) -> None:
        self.application = application
        self.inside = 0
        self.changed = threading.Condition()

    def __call__(self, environ, start_response):
        self._count(1)
        try:
            return self.application(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, step: int) -> None:
        with self.changed:
            self.inside += step
            self.changed.notify_all()

    def wait_until_empty(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.inside == 0, timeout=30), "A request never came to its end."


@pytest.fixture(scope="session")
def _door(django_db_setup) -> Iterator[tuple[str, Door]]:
    doors = []
    thread = LiveServerThread("127.0.0.1", lambda application: doors.append(Door(application)) or doors[0])
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}", doors[0]
    thread.terminate()
    connections.close_all()


@pytest.fixture
def server(transactional_db, _door: tuple[str, Door]) -> Iterator[str]:
    """Address of a running Baton on the test's own database; what the test commits is swept afterwards."""
    address, door = _door
    yield address
    door.wait_until_empty()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.fail("The journeys need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_at(server: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page: `page_at(390, "dark", ana)` for Ana's phone; without a member nobody is signed in.

    Addresses given to `page.goto` may start at `/`. Each call is a browser of its own, so two people can meet.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(width: int = 1440, scheme: str = "light", member=None) -> Page:
        contexts.append(_context(browser, server, width, scheme))
        if member is not None:
            contexts[-1].add_cookies([_session(server, member)])
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: _note(message, complaints))
        return page

    expect.set_options(timeout=PATIENCE)
    yield open_page
    for context in contexts:
        context.close()
    assert complaints == [], "The browser complained."


def _context(browser: Browser, server: str, width: int, scheme: str) -> BrowserContext:
    return browser.new_context(
        base_url=server,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        color_scheme=scheme,
        has_touch=width < PHONE,
        is_mobile=width < PHONE,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )


def _session(server: str, member) -> dict[str, str]:
    client = Client()
    client.force_login(member)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": server}


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and not message.text.startswith(EXPECTED):
        complaints.append(message.text)


def assert_accessible(page: Page) -> None:
    """Fail on what axe calls serious or critical, naming each element and what is wrong with it."""
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run({resultTypes: ['violations']}).then((result) => result.violations)")
    findings = [
        f"{found['impact']} {found['id']}: {' '.join(node['target'])} ({found['help']})"
        for found in violations
        if found["impact"] in {"serious", "critical"}
        for node in found["nodes"]
    ]
    assert findings == []


def assert_no_sideways_scroll(page: Page) -> None:
    """A page never scrolls sideways; its tables and boards do so inside themselves."""
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room
