"""A finding made into a draft of the map in one step: an edit of the owner's own draft, for a reason, with its cases.

Nothing is published by it. Where the draft is someone's already, the edit is one step more in it, and can be undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.models import Event
from baton.map import editing
from baton.map.catalog import EVENTS
from baton.map.current import current_version
from baton.map.drafts import draft_of, keep_draft
from baton.map.elements import Handoff, Stage
from baton.map.mentions import elements, listed
from baton.map.models import MapDraft, MapVersion
from baton.map.patching import said
from baton.members.models import Member
from baton.mirror.cases import cases
from baton.mirror.days import begin
from baton.mirror.findings import Glass
from baton.mirror.reading import glass_of
from baton.mirror.sight import CALLER, owns
from baton.work.models import ExceptionCase

WINDOW = 90
REVIEWED_EVERY = timedelta(days=180)
AROUND = timedelta(days=2)
"""How near to an exception something has to happen to be what showed the stage instead."""
MOST_OFTEN = 2 / 3
"""The part of the cases in which it must have happened."""
NAMED = 3
Edit = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the map that a finding proposes: in words, and as an edit of the YAML."""

    sentence: str
    edit: Edit


def propose(finding: str, *, by: Member, at: datetime) -> tuple[MapDraft, Change]:
    """Make the change that a finding proposes in the member's draft, with its reason and cases as the draft's note.

    Raises `Refusal` for everybody but the owner and their deputy, for a finding that proposes no change, and where the
    draft says so already.
    """
    if not owns(by):
        raise Refusal(_("What the mirror proposes is drafted by whoever owns the map, or their deputy."))
    glass = glass_of(by, at=at, window=WINDOW)
    change = change_for(finding, glass, at)
    if change is None:
        raise Refusal(_("This finding proposes no change that can be drafted. Open the draft and write it."))
    own = draft_of(by)
    text = own.text if own else MapVersion.objects.get(number=current_version()).text
    edited = change.edit(text)
    if edited == text:
        raise Refusal(_("Your draft says so already."))
    note = "; ".join(filter(None, [own.note if own else "", change.sentence, _of_cases(glass, finding)]))
    kept = keep_draft(
        edited, by=by, at=at, based_on=own.based_on if own else current_version(), note=note[:400],
        seen=own.changed_at if own else None,
    )  # fmt: skip
    return kept, change


def _of_cases(glass: Glass, finding: str) -> str:
    """Name the newest cases, where the finding has some."""
    try:
        found = cases(glass, finding)
    except Refusal:
        return ""
    return ", ".join(dict.fromkeys(case.what for case in found[:NAMED] if case.what))


def proposes(finding: str) -> bool:
    """Whether a finding proposes a change of the map that can be drafted."""
    return finding.partition("/")[0] in ("exception", "unread", "tax", "map-review")


def change_for(finding: str, glass: Glass, at: datetime) -> Change | None:
    """Return the change of the map that a finding proposes, if it proposes one."""
    head, _slash, rest = finding.partition("/")
    match head:
        case "exception":
            return of_exception(rest, glass)
        case "unread" | "tax":
            return _without_field(rest, glass)
        case "map-review":
            return _reviewed(glass, at)
        case _:
            return None


# Exceptions that repeat


def of_exception(category: str, glass: Glass) -> Change:
    """Return the change that an exception which repeats proposes: how the work goes, the map shall say."""
    kind, _colon, element = about_most(category, glass).partition(":")
    if kind == "handoff" and (handoff := glass.map.handoff_by_id(element)):
        return _at_handoff(category, handoff, glass)
    if kind == "stage" and (stage := glass.map.stage_by_id(element)):
        return _at_stage(category, stage, glass) or _known(category)
    return _known(category)


def about_most(category: str, glass: Glass) -> str:
    """Return the element from which an exception departs most often: "stage:<id>", "handoff:<id>" or nothing."""
    counted = Counter({about: count for (one, about), count in glass.now.of("exception").items() if one == category})
    return counted.most_common(1)[0][0] if counted else ""


def _at_handoff(category: str, handoff: Handoff, glass: Glass) -> Change:
    """A packet that goes without something, for the same reason: the reason is its own, or the item isn't needed."""
    told = {"reason": category, "handoff": handoff.name}
    item = _missing_most(handoff, glass)
    if category in handoff.exceptions and item:
        sentence = _("Take %(item)s out of %(handoff)s: “%(reason)s” comes again and again.")
        key = item if item not in glass.map.fields else glass.map.fields[item].id
        return Change(
            sentence % (told | {"item": glass.item(item)}),
            lambda text: editing.leave_out(
                text, _key(text, "handoffs", handoff.id), _key(text, "fields", key, missing=key)
            ),
        )
    sentence = _("Add “%(reason)s” to the exceptions of %(handoff)s, which whoever accepts can then choose.") % told
    return Change(sentence, lambda text: _with_exception(text, _key(text, "handoffs", handoff.id), category))


def _missing_most(handoff: Handoff, glass: Glass) -> str:
    missing = Counter({item: count for (item,), count in glass.now.of("missing", handoff.id).items()})
    return next((item for item, _count in missing.most_common() if item in handoff.carries), "")


def _with_exception(text: str, handoff: str, category: str) -> str:
    known = listed(elements(said(text), "handoffs")[handoff].get("exceptions"))
    return editing.put(text, "handoffs", handoff, {"exceptions": [*dict.fromkeys([*known, category])]})


def _at_stage(category: str, stage: Stage, glass: Glass) -> Change | None:
    """A stage that something else shows in two of three of these cases: that shows it too."""
    phrase = what_happened(category, stage, glass)
    if not phrase:
        return None
    told = {"stage": stage.name, "event": phrase, "before": stage.entered_by.phrase}
    sentence = _("%(stage)s is shown by “%(event)s” too, beside “%(before)s”: it happened in most of these cases.")
    return Change(sentence % told, lambda text: _shown_by_too(text, _key(text, "stages", stage.id), phrase))


def _shown_by_too(text: str, stage: str, phrase: str) -> str:
    before = str(elements(said(text), "stages")[stage].get("entered_by", ""))
    if phrase in before.split(" or "):
        return text
    return editing.put(text, "stages", stage, {"entered_by": f"{before} or {phrase}"})


def what_happened(category: str, stage: Stage, glass: Glass) -> str:
    """Return the phrase of what happened about then in most of the cases and could show the stage; "" for nothing."""
    rows = ExceptionCase.objects.visible_to(glass.member).filter(
        category=category, about=f"stage:{stage.id}",
        recorded_at__gte=begin(glass.since, glass.map), recorded_at__lt=begin(glass.until, glass.map),
    )  # fmt: skip
    when = dict(rows.order_by("recorded_at").values_list("deal", "recorded_at"))
    kinds = [kind for kind, event in EVENTS.items() if event.proves]
    events = Event.objects.unscoped(CALLER).filter(deal__in=list(when), kind__in=kinds)
    deals: dict[str, set[UUID]] = defaultdict(set)
    for deal, kind, detail, at in events.values_list("deal", "kind", "detail", "happened_at"):
        phrase = _phrase(kind, detail)
        if phrase and not stage.entered_by.matches(kind, detail) and abs(at - when[deal]) <= AROUND:
            deals[phrase].add(deal)
    often = sorted(deals, key=lambda phrase: (-len(deals[phrase]), phrase))
    return next((phrase for phrase in often if len(deals[phrase]) >= MOST_OFTEN * len(when)), "")


def _phrase(kind: str, detail: str) -> str:
    """Write an event as a map does. Any message would show nothing; a call, or a document of a kind, does."""
    if kind.startswith("interaction."):
        return f"call {kind.partition('.')[2]}" if detail == "call" else ""
    if EVENTS[kind].detail == "word":
        return f"{EVENTS[kind].phrase} {detail}" if detail else ""
    return EVENTS[kind].phrase if EVENTS[kind].detail == "none" else ""


def _known(category: str) -> Change:
    sentence = _("“%(reason)s” is one of the exceptions that the map knows.") % {"reason": category}

    def edit(text: str) -> str:
        known = listed(said(text).get("exceptions"))
        return editing.put_whole(text, {"exceptions": [*dict.fromkeys([*known, category])]})

    return Change(sentence, edit)


# Fields, and the map's own review


def _without_field(field: str, glass: Glass) -> Change | None:
    known = glass.map.fields.get(field)
    if known is None:
        return None
    sentence = _("Without %(field)s: it costs, and serves nobody.") % {"field": known.name}
    return Change(sentence, lambda text: editing.remove(text, "fields", _key(text, "fields", field)))


def _reviewed(glass: Glass, at: datetime) -> Change:
    day = (at.astimezone(glass.map.hours.tz) + REVIEWED_EVERY).date()
    sentence = _("Gone through; looked at again by %(day)s.") % {"day": day.isoformat()}
    return Change(sentence, lambda text: editing.put_whole(text, {"review": day.isoformat()}))


def _key(text: str, group: str, permanent: str, missing: str = "") -> str:
    """Return under which key a draft has the element with this permanent id. Raises `Refusal` where it is gone."""
    found: dict[str, Any] = dict(elements(said(text), group))
    for key, entries in found.items():
        if (entries.get("id") or key) == permanent:
            return key
    if missing:
        return missing
    raise Refusal(_("That isn’t in your draft any more."))
