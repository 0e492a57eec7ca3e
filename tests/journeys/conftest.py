"""What every journey stands on: the cast, a Monday morning at ten past nine, and a look at a page on every screen."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page

from tests.browser import PageAt, assert_accessible, assert_no_sideways_scroll
from tests.cast import MINUTE, MONDAY, Cast

NOW = MONDAY + 10 * MINUTE
SCREENS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def cast(server: str) -> Cast:
    return Cast()


@pytest.fixture
def monday() -> Iterator[None]:
    """Make it Monday, ten past nine, for the server too; the clock goes on from there."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def look_everywhere(page_at: PageAt) -> Callable[..., None]:
    """Look at a page as a member sees it, wide and on a phone, light and dark; `before` acts on it first."""

    def look(address: str, member=None, before: Callable[[Page], None] = lambda page: None) -> None:
        for width, scheme in SCREENS:
            page = page_at(width, scheme, member)
            page.goto(address)
            before(page)
            assert_no_sideways_scroll(page)
            assert_accessible(page)
            page_at.put_away(page)

    return look
