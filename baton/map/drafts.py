"""Drafts of the next version: everybody who may write keeps one; the owner publishes whichever is right.

`MapDraft.history` holds what its author did: the steps `done` and `undone`, and under `seen` each earlier state's
time with the step that followed it, so that whoever looks at an earlier state is told what changed since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.verdict import Conflict, Refusal
from baton.kernel.writer import writing
from baton.map import agreeing
from baton.map.current import current_map, current_version
from baton.map.diff import Change, compare
from baton.map.marked import SIZE, Problem
from baton.map.models import MapDraft, MapVersion
from baton.map.publishing import objections_to, publish
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.map.undoing import Step
from baton.members.models import Member

STEPS = 200
"""How many steps can be taken back, and how many earlier states are known."""
TOLD = 4
MOMENT = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Judged:
    """What stands against publishing a text now, and what it would change."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def judge(text: str) -> Judged:
    """Read a text as the next version: what is wrong with it, what here and now stands against it, what it changes."""
    new, problems = read_map(text)
    if new is None or problems or not current_version():
        return Judged(problems)
    old = current_map()
    return Judged(objections_to(old, by_id(new)), compare(old, new))


def draft_of(member: Member) -> MapDraft | None:
    """Return the member's draft, if they have one."""
    return MapDraft.objects.filter(changed_by=member).first()


def keep_draft(
    text: str, *, by: Member, at: datetime, based_on: int, note: str = "", seen: datetime | None = None
) -> MapDraft:
    """Keep a draft as it is, with its problems. `seen` is when it was last changed as the author knows it.

    Raises `Conflict` where the author changed it elsewhere since, `Refusal` for who may only read and for a text
    that is larger than a map may be.
    """
    with writing():
        kept = _own(by, seen)
        return _keep(kept, text, by, at, {"based_on": based_on, "note": note[:400]})


def edit_draft(
    edit: Callable[[str], str], *, by: Member, at: datetime, based_on: int, seen: datetime | None = None
) -> MapDraft:
    """Do one edit to the member's draft; who has none begins one on the version `based_on`. Raises as `keep_draft`."""
    with writing():
        kept = _own(by, seen)
        text = kept.text if kept else MapVersion.objects.get(number=based_on).text
        return _keep(kept, edit(text), by, at, {} if kept else {"based_on": based_on}, before=text)


def undo(*, by: Member, at: datetime, seen: datetime | None) -> MapDraft:
    """Take the last step of one's draft back, to the letter. Raises `Refusal` where there is none left."""
    return _step_over("done", "undone", Step.undone, by, at, seen)


def redo(*, by: Member, at: datetime, seen: datetime | None) -> MapDraft:
    """Do the step again that was taken back last. Raises `Refusal` where there is none."""
    return _step_over("undone", "done", Step.done, by, at, seen)


def version_of(draft: MapDraft | None) -> int:
    """The state of a draft as a number that a form carries; 0 where there is none."""
    return (draft.changed_at - EPOCH) // MOMENT if draft else 0


def moment_of(version: int) -> datetime | None:
    """When a draft was last changed, from the number that a form carried."""
    return EPOCH + version * MOMENT if version else None


def can_undo(draft: MapDraft | None) -> bool:
    return bool(draft and draft.history.get("done"))


def can_redo(draft: MapDraft | None) -> bool:
    return bool(draft and draft.history.get("undone"))


def _own(by: Member, seen: datetime | None) -> MapDraft | None:
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    kept = MapDraft.objects.select_for_update().filter(changed_by=by).first()
    if kept and seen != kept.changed_at:
        raise Conflict(_changed_elsewhere(kept, seen), version_of(kept))
    return kept


def _keep(
    kept: MapDraft | None, text: str, by: Member, at: datetime, values: dict[str, Any], before: str | None = None
) -> MapDraft:
    if len(text.encode()) > SIZE:
        raise Refusal(_("This is larger than a map may be: {size} bytes.").format(size=SIZE))
    was = kept.text if kept else before
    history = dict(kept.history) if kept else {}
    if was is not None and was != text:
        step = _written(Step.between(was, text))
        history |= {"done": [*history.get("done", []), step][-STEPS:], "undone": []}
        history["seen"] = _passed(kept, history, step)
    values |= {"text": text, "changed_at": _after(kept, at), "history": history}
    return MapDraft.objects.update_or_create(changed_by=by, defaults=values)[0]


def _step_over(
    taken: str, given: str, over: Callable[[Step, str], str], by: Member, at: datetime, seen: datetime | None
) -> MapDraft:
    with writing():
        kept = _own(by, seen)
        if kept is None or not kept.history.get(taken):
            raise Refusal(
                _("There is no step left to take back.") if taken == "done" else _("There is no step to redo.")
            )
        *left, step = kept.history[taken]
        text = over(Step(*step), kept.text)
        history = {**kept.history, taken: left, given: [*kept.history.get(given, []), step][-STEPS:]}
        history["seen"] = _passed(kept, history, _written(Step.between(kept.text, text)))
        kept.text, kept.history, kept.changed_at = text, history, _after(kept, at)
        kept.save()
        return kept


def _written(step: Step) -> list[int | str]:
    return [step.start, step.before, step.after]


def _passed(kept: MapDraft | None, history: dict[str, Any], step: list[int | str]) -> list[Any]:
    return [*history.get("seen", []), [stamp(kept.changed_at) if kept else "", step]][-STEPS:]


def _after(kept: MapDraft | None, at: datetime) -> datetime:
    """Two states never have the same time, whatever the clock does."""
    return max(at, kept.changed_at + MOMENT) if kept else at


def _changed_elsewhere(kept: MapDraft, seen: datetime | None) -> str:
    """What changed since the state that its author looks at, for the sentence that refuses to write over it."""
    said = _("You changed this draft in another window since")
    then = _as_seen(kept, stamp(seen) if seen else "")
    told = _told(then, kept.text) if then is not None else ""
    way_on = _("Copy what you need and open it anew, or do it once more over that.")
    return f"{said}: {told}. {way_on}" if told else f"{said}. {way_on}"


def _as_seen(kept: MapDraft, seen: str) -> str | None:
    text = kept.text
    for moment, step in reversed(kept.history.get("seen", [])):
        text = Step(*step).undone(text)
        if moment == seen:
            return text
    return None


def _told(before: str, after: str) -> str:
    was, now = read_map(before, trusted=True)[0], read_map(after, trusted=True)[0]
    if was and now:
        return "; ".join(change.what for change in compare(was, now)[:TOLD])
    step = Step.between(before, after)
    line = after.count("\n", 0, step.start) + 1
    return _("line {line}").format(line=line)


def drop_draft(by: Member) -> None:
    """Throw the member's draft away."""
    with writing():
        MapDraft.objects.filter(changed_by=by).delete()


def publish_draft(text: str, *, by: Member, at: datetime, based_on: int, note: str = "") -> MapVersion:
    """Publish a text, and with it be done with the drafts that say the same: one's own, and one that was taken over.

    Raises `Refusal` besides while somebody's objection to one of them waits for an answer.
    """
    with writing():
        done = list(MapDraft.objects.filter(Q(changed_by=by) | Q(text=text)))
        for draft in done:
            agreeing.may_be_published(draft).or_refuse()
        version = publish(text, by=by, at=at, note=note, based_on=based_on)
        agreeing.settle(done, version)
        MapDraft.objects.filter(pk__in=[draft.pk for draft in done]).delete()
        return version
