"""Make docs/screenshot.png, the README's picture: Today of the demonstration's salesperson, 1440 by 900, light.

Starts Baton with the demonstration in a temporary data folder, signs in by the button of the sign-in page, and leaves
nothing behind. Usage: scripts/screenshot.py [PAGE [FILE]], PAGE an address such as /deals/board/; needs Chromium.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
WIDTH, HEIGHT = 1440, 900
MOST_BYTES = 300_000
PATIENCE = 60_000
"""Milliseconds that a page may take: the machine that draws the picture may be busy."""


def main(page: str = "/today/", file: str = "docs/screenshot.png") -> None:
    with tempfile.TemporaryDirectory(prefix="baton-picture-") as folder, serving(folder) as address:
        picture = photograph(address, page)
    if len(picture) > MOST_BYTES:
        sys.exit(f"The picture has {len(picture):,} bytes; the README takes at most {MOST_BYTES:,}.")
    place = ROOT / file
    place.write_bytes(picture)
    print(f"{file}: {len(picture):,} bytes")


@contextmanager
def serving(folder: str) -> Iterator[str]:
    """Run Baton on free ports with the demonstration in this folder; yield its address once it answers."""
    command = [sys.executable, "manage.py", "start", "--demo", "--no-browser", "--port", "0", "--smtp-port", "0"]
    around = os.environ | {"BATON_DATA": folder, "DATABASE_URL": "", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield _address(server)
        finally:
            server.terminate()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        print(line, end="")
        if "answers at " in line:
            return line.split()[-1].rstrip("/")
    sys.exit("Baton ended before it answered.")


def photograph(address: str, page: str) -> bytes:
    """Return the picture of a page as the demonstration's salesperson sees it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        shown = chromium.new_page(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        shown.set_default_timeout(PATIENCE)
        _sign_in(shown)
        shown.goto(page, wait_until="networkidle")
        return shown.screenshot()


def _chromium() -> str:
    return next(filter(None, map(shutil.which, CHROMIUM)), None) or sys.exit("The picture needs Chromium.")


def _sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.locator("form[action$='/sales/'] button").click()
    page.get_by_role("heading", level=1).wait_for()


if __name__ == "__main__":
    main(*sys.argv[1:])
