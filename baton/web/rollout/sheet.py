"""The old spreadsheet: a copy of it, what of it isn't in Baton yet, and the way in for what is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from baton.channels.sheets import importing, knowing, retiring
from baton.channels.sheets.columns import KINDS
from baton.channels.sheets.models import OldSheet, Sheet
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.mirror.rollout.dates import Days
from baton.mirror.sight import owns
from baton.web.rollout.burning import drawn, table
from baton.web.rollout.welcome import member_of

MOST_BYTES = 100_000_000
LONGEST = timedelta(days=366)


def sheet_told(days: Days, at: datetime) -> dict[str, Any]:
    """Return what the plan shows of the old spreadsheet."""
    old = retiring.newest()
    told: dict[str, Any] = {"old": old, "kinds": [(one, Sheet.Kind(one).label) for one in KINDS if one != "invoices"]}
    if old is None or not old.compared_at:
        return told
    tz = current_map().hours.tz
    today = at.astimezone(tz).date()
    begins = min(days.begins or today, old.kept_at.astimezone(tz).date(), today)
    left = list(retiring.left_by_day(old.found, max(begins, today - LONGEST), today))
    return told | {"found": old.found, "sentence": _sentence(old), "chart": drawn(left, days.off), "left": table(left)}


def _sentence(old: OldSheet) -> str:
    left, total = old.found["left"], old.found["total"]
    if not left:
        return _("Every row of it is in Baton.")
    rows = ngettext(
        "%(left)d of %(total)d row isn’t in Baton yet", "%(left)d of %(total)d rows aren’t in Baton yet", total
    )
    told = rows % {"left": left, "total": total}
    deals = old.found["open"]
    if not deals:
        return told + "."
    opened = ngettext("%(count)d of them an open deal", "%(count)d of them open deals", deals) % {"count": deals}
    return f"{told}, {opened}."


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Keep a copy of the old spreadsheet, and compare it."""
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(_("Choose a sheet first: .csv, .xlsx, .ods or .xls."))
    if (file.size or 0) > MOST_BYTES:
        raise Refusal(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    kind = request.POST.get("kind", "")
    retiring.keep(str(file.name), file.read(), by=member_of(request), at=now(), kind=kind if kind in KINDS else "")
    return redirect("rollout")


@require_POST
def comparison(request: HttpRequest) -> HttpResponse:
    """Compare it once more, as the records stand now."""
    old = _newest(member_of(request))
    if old.found.get("total", 0) > importing.LOOKED_AT_ONCE:
        OldSheet.objects.filter(pk=old.pk).update(due_at=now())
        messages.info(request, _("It is being compared; look again in a minute."))
    else:
        retiring.compare(old, at=now())
    return redirect("rollout")


@require_POST
def entry(request: HttpRequest) -> HttpResponse:
    """Look at what letting the rest in would change: the page of any sheet that is dropped."""
    member, at = member_of(request), now()
    old = _newest(member)
    raw = knowing.raw_of(old.digest, old.by)
    job = importing.start(old.name, raw, by=member, at=at, kind=old.sheet.kind, which=old.which)
    importing.ask(job, at=at)
    return redirect("sheet", pk=job.pk)


def _newest(member: Member) -> OldSheet:
    if not owns(member):
        raise Refusal(_("The old spreadsheet is switched off by whoever owns the map, or their deputy."))
    old = retiring.newest()
    if old is None:
        raise Refusal(_("Give a copy of the old spreadsheet first."))
    return old
