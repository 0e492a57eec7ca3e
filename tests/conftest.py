"""What tests of every room may use: the real data, both databases, a server and a browser."""

import gc
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from baton.map.current import forget_parsed
from baton.web import assets
from baton.work.behaviors import in_force
from tests.flushing import flush_in_spite_of_triggers

pytest_plugins = ["tests.browser", "tests.dovecot"]

hypothesis_settings.register_profile("baton", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("baton")  # a busy machine is slow; that is no finding

SHARED = Path(os.environ.get("BATON_SHARED", settings.BASE_DIR.parent / "shared"))


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        assets.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `BATON_TESTS=database` only what a database can change is run: the rest ran with the first database."""
    if os.environ.get("BATON_TESTS") != "database":
        return
    screens: set[tuple[object, ...]] = set()
    kept, left_out = [], []
    for item in items:
        drawn_before = _but_for_its_screen(item) in screens
        screens.add(_but_for_its_screen(item))
        (kept if _asks_the_database(item) and not drawn_before else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def _but_for_its_screen(item: pytest.Item) -> tuple[object, ...]:
    """Return what a test is, whatever the width and the color scheme of the screen that it is drawn on."""
    told = getattr(getattr(item, "callspec", None), "params", {})
    if not {"width", "scheme"} & told.keys():
        return (item.nodeid,)
    return (item.nodeid.partition("[")[0], *(repr(told[name]) for name in sorted(told.keys() - {"width", "scheme"})))


def _asks_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """Nothing that was loaded so far goes away, so the garbage collector needn't walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input data that lies beside the checkout."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.fail(f"This test reads real data from {folder}, which isn't there: set BATON_SHARED to its parent.")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_can_be_emptied_between_tests() -> None:
    BaseDatabaseOperations.execute_sql_flush = flush_in_spite_of_triggers


@pytest.fixture(autouse=True)
def _no_map_is_remembered_from_the_test_before() -> None:
    forget_parsed()
    in_force.cache_clear()
