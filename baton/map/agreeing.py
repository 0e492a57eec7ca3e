"""Agreeing to a draft before it is published: each person sees their part, and agrees or objects with a sentence.

An objection stands beside the draft until the owner answers it, and until then the draft can't be published. A reply
isn't a veto lifted: the owner decides, and says why. Who is asked and what their part is, higher rooms say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal, Verdict
from baton.kernel.writer import writing
from baton.map.models import Agreement, MapDraft, MapVersion
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from baton.map.writing import entries
from baton.members.models import Member

LONGEST = 1000
TOLD = 3
"""How many unanswered objections a refusal quotes; all stand beside the draft."""


def others(member: Member) -> list[Member]:
    """Return everybody else who could owe something; nobody in a firm of one."""
    rows = Member.objects.filter(is_active=True).exclude(pk=member.pk).order_by("name", "pk")
    return [one for one in rows if one.may_write]


def stakes_in(drawn: OperatingMap) -> str:
    """Return the digest of all that makes people owe something: desks, handoffs and behaviors."""
    said = entries(drawn)
    told = {group: said[group] for group in ("desks", "handoffs", "behaviors", "decisions")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


Counts = Mapping[str, list[int]]
"""Behavior → how many duties of it somebody would have had, and how many of them late."""


def ask(
    draft: MapDraft, members: Iterable[Member], *, by: Member, at: datetime, counts: Mapping[UUID, Counts] | None = None
) -> list[Agreement]:
    """Ask these people what they say to a draft; return whom that is news to. `counts` are those of each of them.

    Who was asked about the same already isn't asked again; where their part may have changed, what they said before
    is asked anew, except for an objection that waits for its answer. Refuses a draft that can't be read as a map, and
    anybody but its author.
    """
    _refuse_strangers(draft, by)
    drawn, problems = read_map(draft.text)
    if drawn is None or problems:
        raise Refusal(_("Put the draft in order first: {problem}").format(problem=problems[0]))
    stakes, news = stakes_in(drawn), []
    with writing():
        known = {each.member_id: each for each in draft.agreements.all()}
        for member in members:
            before = known.get(member.pk)
            if before and (before.is_open or before.stakes == stakes):
                continue
            values = {"stakes": stakes, "asked_at": at, "says": "", "words": "", "reply": "", "said_at": None}
            values["counts"] = dict((counts or {}).get(member.pk, {}))
            news.append(Agreement.objects.update_or_create(draft=draft, member=member, defaults=values)[0])
    return news


def _refuse_strangers(draft: MapDraft, by: Member) -> None:
    if draft.changed_by_id != by.pk:
        raise Refusal(_("Whoever wrote the draft asks the others."))


def agree(asked: Agreement, *, at: datetime) -> None:
    """Say yes to one's part."""
    _say(asked, Agreement.Says.AGREED, "", at)


def object_to(asked: Agreement, words: str, *, at: datetime) -> None:
    """Object with a sentence. Refuses an objection without words: nobody could answer it."""
    words = " ".join(words.split())[:LONGEST]
    if not words:
        raise Refusal(_("Say in a sentence what is wrong with it, so that it can be answered."))
    _say(asked, Agreement.Says.OBJECTED, words, at)


def _say(asked: Agreement, says: str, words: str, at: datetime) -> None:
    if asked.version_id:
        raise Refusal(_("That map is published already. Propose a change of it in a draft of your own."))
    with writing():
        values = {"says": says, "words": words, "said_at": at, "reply": "", "replied_at": None}
        Agreement.objects.filter(pk=asked.pk, version=None).update(**values)


def reply(objection: Agreement, words: str, *, by: Member, at: datetime) -> None:
    """Answer an objection: what is changed because of it, or why it stays. Refuses an empty answer."""
    draft, words = objection.draft, " ".join(words.split())[:LONGEST]
    if draft is None or objection.says != Agreement.Says.OBJECTED:
        raise Refusal(_("There is no objection here that waits for an answer."))
    _refuse_strangers(draft, by)
    if not words:
        raise Refusal(_("Say what you change because of it, or why it stays."))
    with writing():
        Agreement.objects.filter(pk=objection.pk).update(reply=words, replied_at=at)


def may_be_published(draft: MapDraft | None) -> Verdict:
    """Whether no objection to this draft waits for an answer; the reason quotes them."""
    waiting = list(draft.agreements.objecting().select_related("member")) if draft else []
    if not waiting:
        return Verdict.allow()
    said = "; ".join(f"{each.member}: “{each.words}”" for each in waiting[:TOLD])
    return Verdict.refuse(_("Answer first what was objected to. {objections}").format(objections=said))


def settle(drafts: Iterable[MapDraft], version: MapVersion) -> None:
    """Note at the version what people said to its draft, before the draft goes."""
    Agreement.objects.filter(draft__in=list(drafts)).update(version=version, draft=None)
