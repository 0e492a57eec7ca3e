"""Problem details (RFC 9457): every answer that isn't what was asked for, in one form."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

TYPE = "application/problem+json"


@dataclass(slots=True, eq=False)
class Problem(Exception):
    """An operation can't answer. `detail` is a sentence for whoever looks after the program, `more` what it can use."""

    status: int
    detail: str
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the members of the problem; its type is the status itself (4.2.1)."""
        title = HTTPStatus(self.status).phrase
        return {"type": "about:blank", "title": title, "status": self.status, "detail": self.detail, **self.more}

    def answer(self) -> HttpResponse:
        """Return the answer."""
        body = json.dumps(self.as_json(), ensure_ascii=False)
        return HttpResponse(body, status=self.status, content_type=TYPE, headers=self.headers)


def not_found() -> Problem:
    """Return what is said of what isn't there, and of what this member may not see: the same."""
    return Problem(404, _("There is nothing here that you can see. It may have moved, been joined or been erased."))


def wrong(detail: str, at: str = "") -> Problem:
    """Return what is said of a request that can't be taken as it is; `at` is a JSON pointer or a parameter's name."""
    return Problem(422, detail, {"errors": [{"at": at, "detail": detail}]} if at else {})
