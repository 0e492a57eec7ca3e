"""Acting: a run is claimed, judged on what stands now, and done or not, all in one transaction.

Whatever stops Baton in between leaves the run as it was: it is claimed again, and nothing was done twice.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from baton.gate.automations import refusing
from baton.gate.automations.ahead import CALLER, CHANNEL
from baton.gate.automations.deeds import Doing, address_of, digest_of, do, occasion_of
from baton.gate.automations.judging import judge
from baton.gate.automations.knowing import Known, known_of
from baton.gate.automations.models import AutomationRun, Switching
from baton.gate.automations.switching import is_on, is_stopped, newest
from baton.gate.automations.telling import condition_told
from baton.kernel.claims import claim
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.models import Deal, Event, Fact
from baton.map.automations import Automation
from baton.map.current import current_map, current_version
from baton.map.schema import OperatingMap

log = logging.getLogger(__name__)
LIMIT = 20
TOO_LATE, FAR_TOO_LATE = timedelta(days=7), timedelta(days=90)
"""What waited longer than this for a person is left: a message that late answers nothing; other deeds keep longer."""
ONE_A_DAY = timedelta(hours=20)
MOST_TRIES = 8
MOVES = ("meeting.planned", "meeting.cancelled")


def act_due(clock: Callable[[], datetime]) -> int:
    """Act on what is due; return how many were looked at. One step of a loop, woken by `BELL`."""
    if not current_version():
        return 0
    if is_stopped(newest()):
        return 0
    taken = claim(AutomationRun.objects.unscoped(CALLER).waiting(), limit=LIMIT, at=clock())
    for run in taken:
        act(run, clock())
    return len(taken)


def act(run: AutomationRun, at: datetime) -> None:
    """Judge one run and do what it says, or keep why not."""
    try:
        with writing():
            _act(run, at)
    except Refusal as why:
        _fail(run, why.sentence, at)
    except Exception as why:
        log.exception("automation %s failed on %s", run.automation, run.pk)
        if run.tries >= MOST_TRIES:
            _fail(run, _("An error of Baton’s: %(kind)s.") % {"kind": type(why).__name__}, at)
        else:
            run.put_off(f"{type(why).__name__}: {why}", at)


def _fail(run: AutomationRun, why: str, at: datetime) -> None:
    run.state, run.because, run.settled_at, run.due_at = AutomationRun.State.FAILED, why[:400], at, None
    run.did, run.sent_to, run.occasion, run.acted_at = [], "", "", None
    run.save()


def _act(run: AutomationRun, at: datetime) -> None:
    rows = AutomationRun.objects.unscoped(CALLER).filter(pk=run.pk, state=AutomationRun.State.WAITING)
    if not list(rows.select_for_update() if connection.features.has_select_for_update else rows):
        return
    drawn, switched = current_map(), newest()
    each = drawn.automation_by_id(run.automation)
    row = switched.get(run.automation)
    if each is None or row is None or not is_on(each, drawn, switched):
        _leave(run, _("It was switched off meanwhile."), at)
        return
    _one_at_a_time(row)
    _judge(run, each, row, drawn, at)


def _one_at_a_time(row: Switching) -> None:
    """Let runs of one automation wait for each other, so that its limit holds whoever else acts."""
    if connection.features.has_select_for_update:
        Switching.objects.select_for_update().get(pk=row.pk)


def _judge(run: AutomationRun, each: Automation, row: Switching, drawn: OperatingMap, at: datetime) -> None:
    event = Event.objects.unscoped(CALLER).filter(pk=run.event).first()
    deal = Deal.objects.visible_to(row.by).filter(pk=run.deal_id).first()
    moot = _moot(run, each, event, deal, at)
    if moot or event is None or deal is None:
        _leave(run, moot, at)
        return
    later = _enough_for_today(each, drawn, at)
    if later:
        _wait(run, each, later)
        return
    known = known_of(deal, event, drawn)
    found = judge(each, known, drawn, at, run.vouched)
    run.map_version = current_version()
    run.knew = [one.kept() for one in found.stood]
    if found.unmet:
        _leave(run, _("It doesn’t hold: %(what)s.") % {"what": condition_told(found.unmet, drawn)}, at)
    elif found.answer == "refuse":
        refusing.refuse(run, each, found, known, drawn, at)
        _keep(run, None)
    else:
        _do(run, Doing(run, each, known, drawn, row.by, at))


def _do(run: AutomationRun, doing: Doing) -> None:
    if doing.each.sends:
        run.sent_to, run.occasion = digest_of(address_of(doing.known)), occasion_of(doing.known)
        twice = _twice(run, doing)
        if twice:
            run.sent_to = run.occasion = ""
            _leave(run, twice, doing.at)
            return
    run.did = do(doing)
    run.state, run.because, run.acted_at, run.settled_at = AutomationRun.State.ACTED, "", doing.at, doing.at
    refusing.settled(run, doing.at)
    _keep(run, None)


def _leave(run: AutomationRun, because: str, at: datetime) -> None:
    run.state, run.because, run.settled_at = AutomationRun.State.LEFT, because[:400], at
    _keep(run, None)


def _wait(run: AutomationRun, each: Automation, until: datetime) -> None:
    run.because = _("It acted %(most)d times today, which is its limit; it goes on tomorrow.") % {"most": each.at_most}
    _keep(run, until)


def _keep(run: AutomationRun, due_at: datetime | None) -> None:
    run.due_at = due_at
    run.save()


# What speaks against it before anything is judged


def _moot(run: AutomationRun, each: Automation, event: Event | None, deal: Deal | None, at: datetime) -> str:
    """Say why there is nothing to do any more; nothing where there is."""
    if event is None:
        return _("What set it off was taken back.")
    if deal is None:
        return _("Whoever switched it on may not see this deal.")
    if at - run.acts_at > (TOO_LATE if each.sends else FAR_TOO_LATE):
        return _("It waited too long for somebody to settle it.")
    if event.kind in MOVES and _moved_since(event):
        return _("The meeting was moved or called off since.")
    if each.acts and each.acts.field and deal.values.get(each.acts.field, {}).get("f") != str(event.fact_id):
        return _("The date was changed since.")
    if event.kind == "quiet" and _was_last(event):
        return _("What came before the silence was done by an automation.")
    return ""


def _moved_since(event: Event) -> bool:
    same = Event.objects.unscoped(CALLER).filter(record_id=event.record_id, detail=event.detail, kind__in=MOVES)
    return same.filter(known_at__gt=event.known_at).exists()


def _was_last(event: Event) -> bool:
    """Whether only automations did something at the moment with which a silence began: they set each other off so."""
    fact = Fact.objects.unscoped(CALLER).filter(pk=event.fact_id).first()
    since = fact.value.get("since") if fact else None
    if not since:
        return False
    began = Event.objects.unscoped(CALLER).filter(deal=event.deal_id, happened_at=since).exclude(pk=event.pk)
    channels = Fact.objects.unscoped(CALLER).filter(pk__in=began.values("fact")).values_list("channel", flat=True)
    found = set(channels)
    return bool(found) and found == {CHANNEL} and not began.filter(fact__isnull=True).exists()


def _enough_for_today(each: Automation, drawn: OperatingMap, at: datetime) -> datetime | None:
    """Return when it may act again, where it did as often today as it may."""
    here = at.astimezone(drawn.hours.tz)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = AutomationRun.objects.unscoped(CALLER).acted().filter(automation=each.id, acted_at__gte=midnight)
    if rows.count() < each.at_most:
        return None
    return drawn.hours.next_open((midnight + timedelta(days=1, hours=1)).replace(hour=0))


def _twice(run: AutomationRun, doing: Doing) -> str:
    """Say why this person isn't written to again: of the same thing never, and of anything once a day."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(run.sent_to.encode())])
    rows = AutomationRun.objects.unscoped(CALLER).filter(sent_to=run.sent_to).exclude(pk=run.pk)
    told = {"name": _name(doing.known)}
    if rows.filter(occasion=run.occasion).exists():
        return _("%(name)s had an automatic message about this already.") % told
    lately = rows.filter(acted_at__gt=doing.at - ONE_A_DAY).order_by("-acted_at").first()
    if lately is None:
        return ""
    other = doing.drawn.automation_by_id(lately.automation)
    told["automation"] = other.name if other else lately.automation
    return _("%(name)s had an automatic message within a day: %(automation)s.") % told


def _name(known: Known) -> str:
    return known.contact.name if known.contact else ""
