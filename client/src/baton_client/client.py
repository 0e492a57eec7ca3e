"""The client: lists that walk on, writes that are safe to send again, refusals in words."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from baton_client.problems import Problem, problem
from baton_client.records import Company, Contact, Deal, Duty, Fact, Handoff, Interaction

Kind = Literal["companies", "contacts", "deals"]
MOST_IN_A_BATCH = 100
BUSY = frozenset({429, 502, 503, 504})


class Baton:
    """One Baton, as the member who made the token.

    `address` is where people open it; `token` comes from *Your settings → Programs*. `tries` is how often something is
    sent when the line breaks or Baton is busy, `patience` the longest wait in seconds.
    """

    def __init__(self, address: str, token: str, *, tries: int = 4, patience: float = 60, timeout: float = 30) -> None:
        self.api = address.rstrip("/") + "/api/v1"
        self._token, self._tries, self._patience, self._timeout = token, tries, patience, timeout

    # Reading

    def deals(self, **asked: Any) -> Iterator[Deal]:
        """Yield deals under way, as the list filters and sorts them: `sort="-amount"`, `**{"owner.any": [id, …]}`."""
        return self.walk("deals", **asked)

    def contacts(self, **asked: Any) -> Iterator[Contact]:
        """Yield contacts: `email="dana@marlowe.example"`, `q="dana"`, `company=id`."""
        return self.walk("contacts", **asked)

    def companies(self, **asked: Any) -> Iterator[Company]:
        """Yield companies: `domain="marlowe.example"`, `q="marlowe"`."""
        return self.walk("companies", **asked)

    def interactions(self, **asked: Any) -> Iterator[Interaction]:
        """Yield what happened, the latest first: `deal=id`, `since="2026-11-01T00:00:00Z"`, `fields="id,text"`."""
        return self.walk("interactions", **asked)

    def duties(self, **asked: Any) -> Iterator[Duty]:
        """Yield what is owed, the soonest due first: `mine="true"`, `deal=id`."""
        return self.walk("duties", **asked)

    def handoffs(self, **asked: Any) -> Iterator[Handoff]:
        """Yield handoffs, the latest first: `state="offered"`, `to_desk="operations"`."""
        return self.walk("handoffs", **asked)

    def facts(self, kind: Kind, id: str, **asked: Any) -> Iterator[Fact]:
        """Yield every value that the fields of a record ever had, the latest first."""
        return self.walk(f"{kind}/{id}/facts", **asked)

    def deal(self, id: str) -> Deal:
        """Return a deal with its facts."""
        return cast(Deal, self.get(f"deals/{id}"))

    def walk(self, path: str, **asked: Any) -> Iterator[Any]:
        """Yield what a list holds, page by page."""
        asked = {"limit": 100, **asked}
        while True:
            page = self.get(path, **asked)
            yield from page["items"]
            if not page["next"]:
                return
            asked["cursor"] = page["next"]

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """Return what stands at a path below /api/v1. A parameter may be a list. Raises `Problem`."""
        query = urlencode({name: value for name, value in asked.items() if value is not None}, doseq=True)
        return self._sent("GET", f"{path}?{query}" if query else path)

    # Writing

    def create(self, kind: str, body: Mapping[str, Any], *, once: str = "") -> Any:
        """Make a record and return it. With a `key` in the body, your own id of it, there is never a second one."""
        return self._sent("POST", kind, body, once=once)

    def change(self, kind: Kind, read: Mapping[str, Any], body: Mapping[str, Any], *, once: str = "") -> Any:
        """Change what the body names, if nobody changed the record since you read it. Raises `Conflict`."""
        return self._sent("PATCH", f"{kind}/{read['id']}", {"version": read["version"], **body}, once=once)

    def say(self, kind: Kind, id: str, field: str, value: Any, **more: Any) -> Fact:
        """Record a fact: `because=`, `happened_at=`, `interaction=`; `status="suggested"`: a person confirms it."""
        return cast(Fact, self._sent("POST", f"{kind}/{id}/facts", {"field": field, "value": value, **more}))

    def note(self, text: str, *, kind: str = "note", **about: Any) -> Interaction:
        """Write down a note, a call, a meeting or a chat on a deal (`deal=id`) or with a contact (`contact=id`)."""
        return cast(Interaction, self._sent("POST", "interactions", {"kind": kind, "text": text, **about}))

    def write_all(self, writes: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
        """Write many (method, path, body), each for itself; yield the answer of each: its status and body."""
        waiting: list[dict[str, Any]] = []
        for method, path, body in writes:
            waiting.append({"method": method, "path": f"/{path.strip('/')}", "body": dict(body)})
            if len(waiting) == MOST_IN_A_BATCH:
                yield from self._batch(waiting)
                waiting = []
        if waiting:
            yield from self._batch(waiting)

    def _batch(self, writes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send a batch; what was asked too often is sent again, under a key of its own for each write."""
        once, results = str(uuid.uuid4()), []
        for _try in range(self._tries):
            results = self._sent("POST", "batch", {"operations": list(writes)}, once=once)["results"]
            if not any(one["status"] in BUSY for one in results):
                break
            time.sleep(min(self._patience, 60))
        return results

    # The line

    def _sent(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, once: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": once or str(uuid.uuid4())}
        request = Request(f"{self.api}/{path.lstrip('/')}", data, headers, method=method)
        for left in reversed(range(self._tries)):
            try:
                with urlopen(request, timeout=self._timeout) as answer:
                    return json.load(answer)
            except HTTPError as refused:
                told = _told(refused)
                if refused.code not in BUSY or not left:
                    raise problem(told) from None
                time.sleep(self._wait(refused.headers.get("Retry-After"), left))
            except (URLError, TimeoutError, ConnectionError) as broken:
                if not left:
                    raise Problem({"status": 0, "detail": f"Baton can’t be reached: {broken}"}) from broken
                time.sleep(self._wait(None, left))
        raise AssertionError("the last try returns or raises")

    def _wait(self, told: str | None, left: int) -> float:
        wanted = float(told) if told and told.isdecimal() else 2.0 ** (self._tries - left - 1)
        return min(wanted, self._patience)


def _told(refused: HTTPError) -> dict[str, Any]:
    """Return the problem of an answer; of one that isn't Baton's, its status."""
    try:
        told = json.load(refused)
    except ValueError:
        told = {}
    return {"status": refused.code, "detail": refused.reason} | (told if isinstance(told, dict) else {})
