"""How soon a small business answers after `baton start`, and how much memory that holds."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

from bench.figures import Figure, figure
from bench.places import ROOT, Place
from bench.server import baton

OWNER, PASSWORD = "olga@small.example", "five herons over the weir"
TIMES = 5
START = ("start", "--no-browser", "--port", "0", "--smtp-port", "0")


def start(place: Place) -> list[Figure]:
    """Found a small business, start it a few times, use it a little, and look at its memory."""
    command = [sys.executable, "-m", "manage", "init", "--owner-name", "Olga", "--owner-email", OWNER]
    more = ["--password", PASSWORD, "--map", "facilities"]
    subprocess.run(command + more, cwd=ROOT, env=place.environment, check=True, stdout=subprocess.DEVNULL)
    took, held = [], (0.0, 0.0)
    for _ in range(TIMES):
        began = time.perf_counter()
        with baton(place, *START) as process:
            _first_page(process.port)
            took.append((time.perf_counter() - began) * 1000)
            if len(took) == TIMES:
                _use(process.port)
                held = process.memory()
    cold = figure("cold", "Cold start to first page", 2500, took, (), f"{TIMES} starts")
    memory = Figure("memory", "Resident memory of `baton start`", 200, "MB", held[0], held[0])
    memory.note = f"its children hold {held[1]:.0f} MB more"
    return [cold, memory]


def _first_page(port: int) -> tuple[str, str]:
    """Follow / to the page that answers 200; return it and its cookies."""
    path, cookies = "/", ""
    for _ in range(5):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookies})
        answer = connection.getresponse()
        page = answer.read().decode()
        cookies = "; ".join(
            [cookies, *(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or [])]
        ).strip("; ")
        if answer.status == 200:
            return page, cookies
        path = answer.headers["Location"]
    raise RuntimeError("/ leads nowhere")


def _use(port: int) -> None:
    """Sign in and open a few pages, as a person would in a morning."""
    page, cookies = _first_page(port)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if found is None:
        raise RuntimeError("the first page has no form to sign in with")
    form = urlencode({"csrfmiddlewaretoken": found.group(1), "login": OWNER, "password": PASSWORD})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/account/login/", body=form, headers=headers)
    answer = connection.getresponse()
    answer.read()
    signed_in = "; ".join([cookies, *(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie") or [])])
    if "sessionid=" not in signed_in:
        raise RuntimeError("signing in failed")
    for path in (
        "/today/",
        "/deals/board/",
        "/deals/list/",
        "/inbox/",
        "/map/",
        "/people/",
        "/handoffs/",
        "/quick/",
    ) * 5:
        connection.request("GET", path, headers={"Cookie": signed_in})
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{path} was answered {answer.status}")
