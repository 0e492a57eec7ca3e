"""The one way to a tool: whether the program may, what it has read, and what therefore waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.gate.access.acting import Acting, NotLetIn
from baton.gate.assistants import deeds, hearing
from baton.gate.assistants.models import AssistantCall
from baton.gate.assistants.preparing import result_of
from baton.gate.assistants.tools import Arguments, Deed, Tool, refuse_unfit
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.work.reader import as_read_by

State = AssistantCall.State
KEPT_FOR = timedelta(days=90)


def call(acting: Acting, tool: Tool, told: Arguments, at: datetime) -> dict[str, Any]:
    """Call a tool for a program and return what it is told; note it where its person sees it.

    Raises `Refusal` for what can't be done and `NotLetIn` for what the program may not; both are noted as well.
    """
    with as_read_by(acting.member):
        try:
            acting.may(tool.scope)
            refuse_unfit(tool.schema, told)
            return _read(acting, tool, told, at) if tool.reads else _prepare(acting, tool, told, at)
        except (Refusal, NotLetIn) as why:
            _note(acting, tool, at, State.REFUSED, why.sentence)
            raise


def _read(acting: Acting, tool: Tool, told: Arguments, at: datetime) -> dict[str, Any]:
    """Words from outside are noted before the program gets them."""
    assert tool.reads is not None
    found = tool.reads(acting, told, at)
    if found.outside:
        hearing.mark(acting.client.key, found.outside, at)
    asked = next((str(value) for value in told.values() if isinstance(value, str)), "")
    _note(acting, tool, at, State.READ, found.outside or asked)
    return found.data


def _prepare(acting: Acting, tool: Tool, told: Arguments, at: datetime) -> dict[str, Any]:
    """A suggestion stands in the ledger at once, unless the program has read words from outside; all else waits."""
    assert tool.prepares is not None
    deed = tool.prepares(acting, told, at)
    heard = hearing.heard(acting.client.key, at)
    if deed.suggests and not heard:
        with writing():
            kept = _note(acting, tool, at, State.SUGGESTED, deed.said, deed)
            kept.result = {"facts": deeds.suggest(kept, acting.author, acting.client.reader, at)}
            kept.save(update_fields=["result"])
        return {"state": "suggested", "said": _("It is suggested on the deal and counts once a person confirms it.")}
    _note(acting, tool, at, State.WAITING, deed.said, deed, heard)
    said = _("It waits for %(name)s, who sees it under Assistants. Nothing was changed or sent.")
    return {"state": "waiting", "said": said % {"name": acting.member.short_name}} | result_of(deed)


def _note(
    acting: Acting, tool: Tool, at: datetime, state: str, said: str, deed: Deed | None = None, heard: str = ""
) -> AssistantCall:
    return AssistantCall.objects.create(
        member=acting.member,
        program=acting.client.key,
        name=acting.client.name[:100],
        tool=tool.name,
        at=at,
        state=state,
        said=said[:400],
        deal_id=deed.deal if deed else None,
        deed=deed.what if deed else {},
        heard=heard,
    )


def forget_old(at: datetime) -> int:
    """Let go of calls that are older than ninety days, but for those that still wait."""
    old = AssistantCall.objects.filter(at__lt=at - KEPT_FOR).exclude(state=State.WAITING)
    return old.delete()[0]
