"""One template a screen: the whole page for a visit, one part of it for htmx."""

from django.http import HttpRequest, QueryDict


def page(name: str, request: HttpRequest, part: str | None = None) -> str:
    """Return the template of a screen, or with htmx the named part (`{% partialdef %}`) of it.

    `name` is the path below `templates/baton/` without its ending: "today", "settings/people".
    """
    template = f"baton/{name}.html"
    return f"{template}#{part}" if part and wants_part(request) else template


def wants_part(request: HttpRequest) -> bool:
    """Say whether htmx asked, and not for a whole body (a boosted link, a step back in history)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def whole_number(text: str, otherwise: int = 0) -> int:
    """Return the number that an address or a form names; what is none, or larger than any of ours, is `otherwise`."""
    return int(text) if text.isdecimal() and len(text) < 9 else otherwise


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, also where that is nothing at all; None while it is only shown."""
    return request.POST if request.method == "POST" else None
