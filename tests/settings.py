"""Baton's settings with a data folder of the run's own, so that no test ever touches ./data.

A command that a test starts as its own process finds the same folder through `BATON_DATA`.
"""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="baton-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ["BATON_DATA"] = _data
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread that also asks the database

from config.settings import *  # noqa: E402

if not os.environ.get("DATABASE_URL"):
    # A file, as in real life: one shared between threads in memory has other locks and no write-ahead log.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # As on the tests' PostgreSQL: no test pulls the plug, and what a killed process committed is there without syncing.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
