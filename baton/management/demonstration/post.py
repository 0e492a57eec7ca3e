"""The post: letters go in as raw bytes through the one door for everything that comes in, and are read in batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.channels.email.adapter import EMAIL
from baton.ledger.models import Interaction
from baton.management.demonstration.happening import Happening
from baton.management.demonstration.letters import Letter
from baton.management.demonstration.people import DESKS, OURS
from baton.management.demonstration.scene import CALLER, Scene

MOMENT = timedelta(seconds=40)
"""How long a letter takes to arrive."""


def deliver(letters: Sequence[Happening], scene: Scene) -> None:
    """Deliver letters that were written one after the other, and read them together."""
    written = [(one, _letter(one, scene)) for one in letters]
    taken = [_taken(one, letter, scene) for one, letter in written]
    process(taken, at=letters[-1].at + MOMENT)
    ids = dict(Delivery.objects.unscoped(CALLER).filter(pk__in=[d.pk for d in taken]).values_list("pk", "interaction"))
    rows = Interaction.objects.unscoped(CALLER).in_bulk([one for one in ids.values() if one])
    for delivery, (one, letter) in zip(taken, written, strict=True):
        _remember(one, letter, rows.get(ids[delivery.pk]), scene)


def _letter(one: Happening, scene: Scene) -> Letter:
    scene.written += 1
    answered = scene.letters.get(one.on) if not one.told.get("anew") else None
    return Letter(
        f"{one.on}.{scene.written}",
        scene.person(one.by),
        tuple(scene.person(key) for key in _keys(one.told["to"])),
        one.at,
        _subject(one, answered),
        one.text("says"),
        tuple(scene.person(key) for key in _keys(one.told.get("cc", []))),
        answered,
        {name: _lines(name, one) for name in one.told.get("papers", [])},
        one.told.get("headers", {}),
    )


def _keys(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def _subject(one: Happening, answered: Letter | None) -> str:
    if one.told.get("subject") or answered is None:
        return one.told["subject"]
    return answered.subject if answered.subject.startswith("Re: ") else f"Re: {answered.subject}"


def _lines(name: str, one: Happening) -> list[str]:
    head = ["Harbour & Lime Site Services", name.rpartition(".")[0], f"{one.at:%d %B %Y}".lstrip("0"), ""]
    return head + one.told.get("paper_says", one.text("says")).splitlines()


def _taken(one: Happening, letter: Letter, scene: Scene) -> Delivery:
    [taken] = ingest_many([_incoming(one, letter, scene)], at=one.at + MOMENT)
    return taken.delivery


def _incoming(one: Happening, letter: Letter, scene: Scene) -> Incoming:
    """Ours come from the member's own mailbox; theirs from the member's to whom they were sent, or a desk's address."""
    box = one.by if one.by in scene.members else _keys(one.told.get("into", one.told["to"]))[0]
    how: dict[str, Any] = {"as_member": scene.members.get(box), "evidence": MAILBOX}
    if box in DESKS:
        how = {"desk": DESKS[box], "recipient": f"{box}@{OURS}", "evidence": {"via": "smtp"}}
    return Incoming(EMAIL, f"demonstration:{letter.id}", letter.raw(), sender=letter.by.address, **how)


def _remember(one: Happening, letter: Letter, row: Interaction | None, scene: Scene) -> None:
    """Note where it went. A letter that the story puts on a deal and that landed elsewhere is a fault of the story."""
    scene.letters[one.on] = letter
    if row is None:
        raise LookupError(f"The letter {letter.id} was not recorded.")
    scene.heard.setdefault(one.on, []).append(row.pk)
    if one.told.get("waits"):
        return
    deal = scene.deals.setdefault(one.on, row.deal_id)
    if deal is None or row.deal_id != deal:
        raise LookupError(f"The letter {letter.id} is not on its deal: {row.filed_because or row.unfiled_because}")
