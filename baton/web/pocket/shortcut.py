"""What a Shortcut of an iPhone posts, or a program of one's own: words and files, with a secret of the member's."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from baton.channels.pocket.packing import Held
from baton.channels.pocket.reading import LINE
from baton.channels.pocket.secrets import member_with
from baton.channels.pocket.sorting import people_in, sorted_out
from baton.channels.pocket.taking import KEY, Parcel, take_in
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.members.origin import absolute
from baton.web.pocket.arriving import held_in, typed_at
from baton.web.quick.reading import chips_of
from baton.work.reader import as_read_by

MOST_BYTES = 100 * 1024 * 1024
MOST_TEXT = 20_000
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # it carries a secret in a header, which no page of another site can send for somebody
@login_not_required
@require_POST
def pocket(request: HttpRequest) -> HttpResponse:
    """Take what was posted and say in a sentence what became of it, for the Shortcut to show."""
    if not ratelimit.consume(request, action="pocket"):
        return HttpResponse(_("Too often. Wait a minute."), status=429, content_type=PLAIN)
    at = now()
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    member = member_with(token.strip(), at) if scheme.lower() == "bearer" else None
    if member is None:
        return HttpResponse(_("Baton doesn’t know this secret. Make a new one."), status=401, content_type=PLAIN)
    try:
        with as_read_by(member):
            return HttpResponse(_taken(request, member, at), content_type=PLAIN)
    except Refusal as why:
        return HttpResponse(why.sentence, status=422, content_type=PLAIN)


def _taken(request: HttpRequest, member: Member, at: datetime) -> str:
    """Record `line` as what the member says themselves, `text` as words of others, and every file by its kind."""
    files = held_in([file for name in request.FILES for file in request.FILES.getlist(name)], MOST_BYTES)
    line, text = (request.POST.get(name, "").strip()[:MOST_TEXT] for name in ("line", "text"))
    typed = typed_at(request.POST.get("typed_at", ""), at)
    parcels = [_own(one, line, member, typed) for one in sorted_out([line or text], files)]
    if not parcels:
        raise Refusal(_("Nothing was in it."))
    rows = take_in(parcels, key=_key(request, line or text, files, at), by=member, typed_at=typed, at=at)
    waits = any(row.job_id or row.interaction_id is None or not row.evidence.get("recorded") for row in rows)
    page = absolute(request, reverse("shared", args=[rows[0].key.split(":")[1]]))
    return _("Kept. See where it went: %(page)s") % {"page": page} if waits else _("Recorded.")


def _own(parcel: Parcel, line: str, member: Member, at: datetime) -> Parcel:
    """Words of the member's own are read as the quick line is; words of others only say whom they are about."""
    if parcel.what != LINE:
        return parcel
    if line and parcel.line == line:
        return replace(parcel, chips=chips_of(line, member=member, deal=None, at=at))
    return replace(parcel, chips=people_in(parcel.line, member))


def _key(request: HttpRequest, words: str, files: list[Held], at: datetime) -> str:
    """Return the key that was sent along; without one, the same things within a minute are the same."""
    given = "".join(sign for sign in request.POST.get("key", "") if sign.isalnum() or sign in "-_")
    if KEY.fullmatch(given):
        return given
    print_ = hashlib.sha256("\x1f".join([words, *(hashlib.sha256(f.content).hexdigest() for f in files)]).encode())
    return f"{at:%Y%m%d%H%M}-{print_.hexdigest()[:24]}"
