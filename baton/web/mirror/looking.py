"""Counts which pages are opened, for the mirror: a number in memory for a whole page that was found, nothing else."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from baton.kernel.clock import now
from baton.members.models import Member
from baton.mirror import looks
from baton.web.pages import wants_part
from baton.work.reader import zone_of


class LookingMiddleware:
    """Notes each page that a member opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._go_on = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._go_on(request)
        member = request.user
        if request.method == "GET" and answer.status_code == 200 and isinstance(member, Member):
            _note(request, member)
        return answer


def _note(request: HttpRequest, member: Member) -> None:
    if wants_part(request):
        return
    looks.look(member, request.path, now().astimezone(zone_of(member)).date())
