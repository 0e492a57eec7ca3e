"""How an answer that isn't the expected page reaches the person: where they are looking, with what they typed kept.

With htmx it is a notice put beside what was touched, and nothing else on the page changes. A plain form gets a page
with the sentence, a way back, and what was typed, ready to be sent again.
"""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

UNTOLD = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}
OURS = {"choice", "fact", "key", "kind", "next", "only", "place", "read_of", "stage", "typed_at", "version"}
"""What our forms say of themselves: it is sent again, and tells nobody anything."""
MOST_FIELDS = 60
MOST_TEXT = 20_000
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def say(
    request: HttpRequest,
    sentence: str,
    *,
    status: int,
    title: str,
    tone: str = "faded",
    version: int | None = None,
    token: str = "",
) -> HttpResponse:
    """Answer with a sentence: a notice for htmx, a page else. `tone` is faded for a refusal, late for a failure.

    `version` is the record as it is now: the form that is sent again says that it has been seen. `token` is one that
    the page may go on with, whose own has run out.

    Asks nothing of the database, which may be what failed.
    """
    context: dict[str, object] = {
        "sentence": sentence,
        "title": title,
        "tone": tone,
        "version": version,
        "token": token,
    }
    if request.headers.get("HX-Request") == "true":
        headers = {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML show:top", "HX-Push-Url": "false"}
        return HttpResponse(render_to_string("baton/parts/said_notice.html", context), status=status, headers=headers)
    kept = typed(request, version)
    context |= {"back": way_back(request) or "/", "again": request.get_full_path(), "typed": kept}
    context["told"] = any(one.told for one in kept)
    context |= {"csrf_token": get_token(request)}
    return HttpResponse(render_to_string("baton/said.html", context), status=status)


def linked(sentence: str, href: str, name: object, *, apart: bool = False) -> SafeString:
    """Return a sentence with `%s` for the link that it names. What stands in either is escaped.

    `apart` opens it beside this page, which stays as it is.
    """
    before, _here, after = sentence.partition("%s")
    target = SafeString(' target="_blank"') if apart else ""
    return format_html('{}<a href="{}"{}>{}</a>{}', before, href, target, name, after)


class Kept(NamedTuple):
    """One field of a form that wasn't carried out; `told` is what a person typed, the rest is sent along."""

    name: str
    value: str
    told: bool

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


def typed(request: HttpRequest, version: int | None = None) -> list[Kept]:
    """Return what a form of ours held, without secrets, so that nobody has to type it twice. Files can't be kept.

    A form from elsewhere is not offered again: a person would send with one click what somebody else wrote.
    """
    if not hasattr(request, "_post") or not way_back(request):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNTOLD]
    return [_kept(name, str(value)[:MOST_TEXT], version) for name, value in fields[:MOST_FIELDS]]


def _kept(name: str, value: str, version: int | None) -> Kept:
    if name == "version" and version is not None:
        return Kept(name, str(version), told=False)
    return Kept(name, value, told=bool(value.strip()) and name not in OURS and not IDENTIFIER.fullmatch(value))


def way_back(request: HttpRequest) -> str:
    """Return the page that the person came from when it is one of ours, else nothing."""
    came_from = request.headers.get("Referer", "")
    try:
        ours = {request.get_host()}
    except DisallowedHost:  # which is what is being answered
        return ""
    if url_has_allowed_host_and_scheme(came_from, ours, require_https=request.is_secure()):
        return urlsplit(came_from)._replace(scheme="", netloc="").geturl()
    return ""
