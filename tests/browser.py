"""A server and a browser for the journeys.

The server is the whole of Baton behind its own middleware, static files included; the browser is the machine's
Chromium. A page that breaks the content policy, or whose script fails, fails its journey.
"""

import functools
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
    sync_playwright,
)

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first has the same engine without windows, which halves the work of a page."""
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
PATIENCE = 20_000  # milliseconds; two tests share two cores with a server and a browser each
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
EXPECTED = (
    "Failed to load resource",  # a refusal that the page shows in words
    "An unknown error occurred when fetching the script.",  # the app's worker, looked for while there is no line
)
"""What Chromium prints that is no fault of a page. A worker that is refused, or is no script, is told otherwise."""
SECOND_TRIES = 2
"""How many tests of one run may have had a browser that was late; `-rR` names them at the end."""
NOWHERE = "/-/nowhere"
"""An empty page of the same server, so that Chromium stays in the process that knows Baton's scripts already."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask a page that was late once more: a machine that does too much at once is no finding."""
    for item in items:
        if "page_at" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1, condition=_was_late))


def _was_late(error: BaseException | None) -> bool:
    """Tell whether a browser didn't come to what it was waited for.

    What a database says, what a page complains of and what isn't accessible is never asked a second time.
    """
    return isinstance(error, Error) or str(error).startswith(("Locator expected", "Page expected"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which more than `SECOND_TRIES` pages were late has found a fault."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    late = len(reporter.stats.get("rerun", ())) if reporter else 0
    if reporter and late > SECOND_TRIES:
        reporter.ensure_newline()
        reporter.write_line(f"{late} tests had to be tried a second time, {SECOND_TRIES} may.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Door:
    """A WSGI application that knows how many requests are inside it."""

    def __init__(self, application) -> None:
        self.application = application
        self.inside = 0
        self.changed = threading.Condition()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == NOWHERE:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [b"<!doctype html><title>Nowhere</title>"]
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


class Windows:
    """Pages that are open already, by width and color scheme: Chromium takes a second of work to open one.

    What a test left in one is wiped before the next gets it: address, cookies, what scripts stored, permissions.
    Only the style sheets and scripts of Baton stay in its cache.
    """

    def __init__(self, browser: Browser, server: str) -> None:
        self.browser, self.server = browser, server
        self.free: dict[tuple[int, str], list[Page]] = defaultdict(list)
        self.devtools: dict[Page, CDPSession] = {}

    def open(self, width: int, scheme: str) -> Page:
        there = self.free[width, scheme]
        return there.pop() if there else self._new(width, scheme)

    def _new(self, width: int, scheme: str) -> Page:
        context = _context(self.browser, self.server, width, scheme)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        _wait_for_what_is_asked(page)
        self.devtools[page] = context.new_cdp_session(page)
        return page

    def give_back(self, page: Page, width: int, scheme: str) -> None:
        """Wipe a page and keep it for the next test; one that was closed, or has opened others, is let go."""
        if page.is_closed() or len(page.context.pages) > 1:
            page.context.close()
            del self.devtools[page]
            return
        page.context.set_offline(False)
        page.goto(NOWHERE)
        page.context.clear_cookies()
        page.context.clear_permissions()
        told = {"origin": self.server, "storageTypes": "all"}
        self.devtools[page].send("Storage.clearDataForOrigin", told)
        self.free[width, scheme].append(page)


def _wait_for_what_is_asked(page: Page) -> None:
    """Have keys and scripts wait for the page that they are meant for.

    A heading stands there before the page's scripts listen, and for a moment after a link there is no document at
    all. Whoever presses a key has seen the page for longer than that; a test hasn't.
    """
    page.keyboard.press = _once_loaded(page.keyboard.press, lambda _: page)  # type: ignore[method-assign]
    page.evaluate = _once_loaded(page.evaluate, lambda _: page)  # type: ignore[method-assign]


def _once_loaded(asked: Callable[..., Any], page_of: Callable[[Any], Page]) -> Callable[..., Any]:
    @functools.wraps(asked)
    def waits(*told: Any, **more: Any) -> Any:
        page_of(told[0] if told else None).wait_for_load_state()
        return asked(*told, **more)

    return waits


for _name in (
    "click dblclick tap check uncheck fill press press_sequentially select_option drag_to set_input_files "
    "dispatch_event evaluate evaluate_all count all all_inner_texts all_text_contents is_visible is_hidden bounding_box"
).split():
    setattr(Locator, _name, _once_loaded(getattr(Locator, _name), lambda locator: locator.page))


@pytest.fixture(scope="session")
def _windows(browser: Browser, _door: tuple[str, Door]) -> Windows:
    return Windows(browser, _door[0])


class PageAt:
    """Opens pages for one test and notes what their scripts complain of."""

    def __init__(self, windows: Windows, server: str) -> None:
        self.windows, self.server = windows, server
        self.opened: dict[Page, tuple[int, str]] = {}
        self.complaints: list[str] = []

    def __call__(self, width: int = 1440, scheme: str = "light", member=None) -> Page:
        page = self.windows.open(width, scheme)
        self.opened[page] = (width, scheme)
        if member is not None:
            page.context.add_cookies([_session(self.server, member)])
        page.on("pageerror", self._on_error)
        page.on("console", self._on_message)
        return page

    def put_away(self, page: Page) -> None:
        """Close a page before its test ends."""
        page.remove_listener("pageerror", self._on_error)
        page.remove_listener("console", self._on_message)
        self.windows.give_back(page, *self.opened.pop(page))

    def _on_error(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)


@pytest.fixture
def page_at(server: str, _windows: Windows) -> Iterator[PageAt]:
    """Open a page: `page_at(390, "dark", ana)` for Ana's phone; without a member nobody is signed in.

    Addresses given to `page.goto` may start at `/`. Each call is a browser of its own, so two people can meet.
    """
    opening = PageAt(_windows, server)
    expect.set_options(timeout=PATIENCE)
    yield opening
    for page in list(opening.opened):
        opening.put_away(page)
    assert opening.complaints == [], "The browser complained."


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


def until(page: Page, told: str) -> None:
    """Wait until what a script tells, perhaps by a promise, is so.

    `page.wait_for_function` would have the page itself evaluate text, which the content policy forbids.
    """
    for _attempt in range(PATIENCE // 20):
        if page.evaluate(told):
            return
        page.wait_for_timeout(20)
    raise Error(f"That never came to be: {told}")


def assert_accessible(page: Page) -> None:
    """Fail on what axe calls serious or critical, naming each element and what is wrong with it."""
    if not page.evaluate("'axe' in window"):
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
