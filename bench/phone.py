"""Today on a phone: 390 px, a processor four times slower, 1.6 Mbit/s with 150 ms there and back, nothing cached."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.figures import Figure, percentile
from bench.people import BUSY
from bench.scene import Scene

TIMES = 5
SLOWER = 4
BYTES_PER_SECOND = 1_600_000 / 8
ROUND_TRIP = 150
KB = 1024
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
READY = "() => document.readyState === 'complete' && typeof window.htmx !== 'undefined'"


def today(scene: Scene) -> Figure:
    """Open Today, and wait until all is loaded and the page answers a tap."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        raise RuntimeError("Today on a phone needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        seen = [_visit(browser, scene) for _ in range(TIMES)]
        browser.close()
    took, sizes = [one[0] for one in seen], [one[1] for one in seen]
    note = (
        f"{max(sizes) / KB:.0f} KB in {seen[0][2]} requests (goal: at most 120 KB), painted after {seen[0][3]:.0f} ms"
    )
    row = Figure("phone", "Today on a phone, usable", 2500, "ms", sorted(took)[len(took) // 2], percentile(took, 95))
    row.note = note
    if max(sizes) > 120 * KB:
        row.goal = 0.0
        row.note += ": too many bytes"
    return row


def _visit(browser: Browser, scene: Scene) -> tuple[float, float, int, float]:
    address = f"http://127.0.0.1:{scene.process.port}"
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    session = scene.visitors[scene.dice.choice(BUSY)].session
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    got: list[float] = []
    _slow_down(cdp, got)
    began = time.perf_counter()
    page.goto(address + "/today/", wait_until="load")
    page.wait_for_function(READY, polling=20)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    took = (time.perf_counter() - began) * 1000
    painted = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    context.close()
    return took, sum(got), len(got), painted


def _slow_down(cdp: Any, got: list[float]) -> None:
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    cdp.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))


PHONE: dict[str, Callable[[Scene], Figure]] = {"phone": today}
