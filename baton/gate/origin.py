"""The address of this Baton, for links that leave it. It never comes from what a request says about itself."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

PLAIN_PORTS = {"http": "80", "https": "443"}


def origin(request: HttpRequest) -> str:
    """Return `BATON_URL`, else the first of `BATON_HOSTS` on the port at which the server itself listens.

    The Host header is whatever somebody sends: a link made from it would carry a secret to them.
    """
    if settings.BATON_URL:
        return settings.BATON_URL.rstrip("/")
    host = next((host for host in settings.ALLOWED_HOSTS if host and host[0] not in ".*"), "localhost")
    port = request.META.get("SERVER_PORT", "")
    return f"{request.scheme}://{host}" + ("" if port in ("", PLAIN_PORTS[str(request.scheme)]) else f":{port}")


def is_here_only(request: HttpRequest) -> bool:
    """Whether a link of ours opens on the computer that Baton runs on, and on no other."""
    return urlsplit(origin(request)).hostname in ("localhost", "127.0.0.1", "::1")


def absolute(request: HttpRequest, path: str) -> str:
    """Return a path of ours as a link for a mail or a colleague."""
    return origin(request) + path
