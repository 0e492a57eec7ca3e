"""The owner's desk: what whoever owns the map owes the system. Every item has a next action, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Contact, Interaction
from baton.map.current import one_version
from baton.members.models import Member
from baton.mirror import consistent, owned
from baton.mirror.deciding import decided, is_settled
from baton.mirror.early import early
from baton.mirror.findings import Finding, Glass, share
from baton.mirror.missing import missing_entries
from baton.mirror.models import Decided
from baton.mirror.proposing import about_most, proposes
from baton.mirror.reading import glass_of
from baton.mirror.sight import owns
from baton.mirror.tellers import reports

Section = Literal[
    "signs", "missing", "unowned", "duties", "fields", "stages", "exceptions", "records", "reports", "map"
]
Action = Literal[
    "ask", "deals", "cases", "map-behaviors", "map-fields", "map-draft", "duplicates", "inbox", "contacts", "none"
]
WINDOW = 90
MISSED = 0.25
"""A behavior that is missed more often than this is the owner's to change or retire."""
FEWEST = 8
REPEATED = 3
WAITS = timedelta(days=7)
COUNTED = 1000
"""What lies about is counted up to here: more is not a number that anybody acts on."""


@dataclass(slots=True)
class Item:
    """One thing that the owner owes. A decision is recorded under its `key`, which opens cases where it has some.

    `decided` is what was last decided about it, settled by that or not. `drafts` says that what it proposes can be
    made a draft of the map in one step (`proposing.propose`).
    """

    key: str
    section: Section
    sentence: str
    note: str = ""
    action: Action = "none"
    about: str = ""
    proposes: str = ""
    drafts: bool = False
    decided: Decided | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        told: dict[str, Any] = {"key": self.key, "section": self.section, "sentence": self.sentence, "note": self.note}
        told |= {"next": self.action, "proposes": self.proposes, "drafts": self.drafts}
        if self.decided:
            told["decided"] = {
                "answer": self.decided.answer, "because": self.decided.because, "until": str(self.decided.until),
                "at": self.decided.decided_at.isoformat() if self.decided.decided_at else None,
            }  # fmt: skip
        return told


@dataclass(slots=True)
class Desk:
    """The owner's desk of one moment: what is open, and what was decided and is settled until then."""

    glass: Glass
    items: list[Item] = field(default_factory=list)
    settled: list[Item] = field(default_factory=list)


@one_version()
def owners_desk(member: Member, *, at: datetime) -> Desk:
    """Return what the owner owes the system. Raises `Refusal` for everybody but the owner and their deputy."""
    if not owns(member):
        raise Refusal(_("This is the desk of whoever owns the map, and of their deputy."))
    glass = glass_of(member, at=at, window=WINDOW)
    desk = Desk(glass)
    known = decided(member)
    for item in _items(glass, at):
        item.decided = known.get(item.key)
        (desk.settled if is_settled(item.decided, at.date()) else desk.items).append(item)
    return desk


def _items(glass: Glass, at: datetime) -> Iterator[Item]:
    yield from signs(glass.member, at)
    yield from missing(glass)
    yield from _of_findings("unowned", owned.unowned(glass.member), "cases")
    yield from failing_duties(glass)
    yield from fields(glass)
    yield from _of_findings("stages", consistent.stages(glass), "cases")
    yield from repeated_exceptions(glass)
    yield from _of_findings("records", consistent.duplicates(), "duplicates")
    yield from orphans(glass, at)
    yield from scheduled(glass.member)
    yield from the_map(glass, at)


def _of_findings(section: Section, found: Iterator[Finding], action: Action) -> Iterator[Item]:
    for one in found:
        yield Item(one.key, section, one.sentence, one.note, action, proposes=one.remedy, drafts=proposes(one.key))


def signs(member: Member, at: datetime) -> Iterator[Item]:
    """The early warning: what is starting to slide, before anybody else is told."""
    for one in early(member, at).warned:
        since = _("since the week of %(day)s") % {"day": words.day(one.since, at)}
        yield Item(one.key, "signs", one.sentence, f"{since}; {one.note}", "cases")


def missing(glass: Glass) -> Iterator[Item]:
    """Entries that decisions read and open deals lack, with who has been asked."""
    for one in missing_entries(glass.member, glass.map):
        told = {"field": one.name, "count": one.deals}
        sentence = ngettext(
            "%(field)s is missing on %(count)d open deal", "%(field)s is missing on %(count)d open deals", one.deals
        )
        asked = ", ".join(f"{name} ({count})" for name, count in sorted(one.asked.items()))
        note = _("Asked, and not answered yet: %(names)s") % {"names": asked} if asked else _("Nobody has been asked.")
        yield Item(f"missing-entry/{one.field}", "missing", sentence % told, note, "ask", one.field)


def failing_duties(glass: Glass) -> Iterator[Item]:
    """Behaviors that are missed more than one time in four, and what becomes of the duties they make."""
    for behavior in glass.map.behaviors:
        hits, of = consistent.kept(behavior)(glass.now)
        if of < FEWEST or (of - hits) / of <= MISSED:
            continue
        sentence = _("%(behavior)s: only %(share)s kept on time") % {
            "behavior": glass.behavior(behavior),
            "share": share(hits, of),
        }
        proposes = _("Give it more time, another owner, or let it go: chasing people hasn’t helped.")
        yield Item(f"duty/{behavior}", "duties", sentence, _why(glass, behavior), "map-behaviors", proposes=proposes)


def _why(glass: Glass, behavior: str) -> str:
    """Say where the duties fail: at one desk, by having nobody to owe them, or everywhere."""
    late = {key[1:]: count for key, count in glass.now.of("duty", behavior).items() if key[0] == "late"}
    nobody = sum(count for (member, _desk), count in late.items() if not member)
    if nobody * 2 > sum(late.values()):
        return _("Most of them are owed by nobody.")
    desks: dict[str, int] = {}
    for (_member, desk), count in late.items():
        desks[desk] = desks.get(desk, 0) + count
    worst = max(desks, key=lambda one: desks[one], default="")
    if len(desks) > 1 and desks[worst] * 4 >= 3 * sum(desks.values()) and worst:
        return _("Three in four of those missed are at one desk: %(desk)s.") % {"desk": glass.desk(worst)}
    return _("It is missed wherever it is owed: the time, or the duty itself, is wrong.")


def fields(glass: Glass) -> Iterator[Item]:
    """Fields that nobody reads, and those that drifted."""
    for one in glass.map.fields.values():
        if not owned.readers(one.key, glass.map):
            sentence = _("%(field)s is needed by no handoff and no decision") % {"field": one.name}
            yield Item(
                f"unread/{one.id}",
                "fields",
                sentence,
                "",
                "map-fields",
                proposes=_("Name who needs it, or take it out."),
                drafts=True,
            )
    yield from _of_findings("fields", owned.dead_fields(glass), "map-fields")
    yield from _of_findings("fields", consistent.fields(glass), "cases")


def repeated_exceptions(glass: Glass) -> Iterator[Item]:
    """Exceptions that repeat: each proposes a change of the map."""
    for category, count in glass.now.by("exception").most_common():
        if count < REPEATED:
            return
        sentence = ngettext("%(count)d exception: %(reason)s", "%(count)d exceptions: %(reason)s", count)
        told = {"count": count, "reason": category}
        yield Item(
            f"exception/{category}",
            "exceptions",
            sentence % told,
            "",
            "cases",
            proposes=proposal(glass, category, about_most(category, glass)),
            drafts=True,
        )


def proposal(glass: Glass, category: str, about: str) -> str:
    """Say which change of the map an exception that repeats proposes."""
    kind, _colon, element = about.partition(":")
    if kind == "stage" and (stage := glass.map.stage_by_id(element)):
        return _("Let the map say what shows %(stage)s when “%(reason)s”, beside “%(event)s”.") % {
            "stage": stage.name, "reason": category, "event": stage.entered_by.phrase,
        }  # fmt: skip
    if kind == "handoff" and (handoff := glass.map.handoff_by_id(element)):
        return _("Add “%(reason)s” to the exceptions of %(handoff)s, or take what is then missing out of it.") % {
            "reason": category, "handoff": handoff.name,
        }  # fmt: skip
    return _("Add “%(reason)s” to the exceptions of the map, with who decides it; or change what it departs from.") % {
        "reason": category
    }


def orphans(glass: Glass, at: datetime) -> Iterator[Item]:
    """Records that belong to nothing: contacts without a company that nobody ever heard from, mail nobody placed."""
    alone = {"company__isnull": True, "last_heard_at__isnull": True, "email": "", "phone": ""}
    contacts = Contact.objects.visible_to(glass.member).filter(**alone)[:COUNTED].count()
    if contacts:
        sentence = ngettext("%(count)d contact belongs to nothing", "%(count)d contacts belong to nothing", contacts)
        note = _("no company, no address, no number, never heard from")
        yield Item("orphans/contact", "records", sentence % {"count": contacts}, note, "contacts")
    companies = Company.objects.visible_to(glass.member).filter(name_folded="")[:COUNTED].count()
    if companies:
        sentence = ngettext("%(count)d company has no name", "%(count)d companies have no name", companies)
        yield Item("orphans/company", "records", sentence % {"count": companies}, "", "contacts")
    waiting = (
        Interaction.objects.visible_to(glass.member).unfiled().filter(happened_at__lt=at - WAITS)[:COUNTED].count()
    )
    if waiting:
        sentence = ngettext(
            "%(count)d message has waited to be placed for over a week",
            "%(count)d messages have waited to be placed for over a week",
            waiting,
        )
        yield Item("orphans/message", "records", sentence % {"count": waiting}, "", "inbox")


def scheduled(member: Member) -> Iterator[Item]:
    """Reports that leave by themselves, and those that nobody reads."""
    for one in reports(member):
        told = {"name": one.name, "member": one.member}
        sentence = _("%(name)s leaves by itself, as %(member)s sees it") % told
        if one.read_at is None:
            note = _("never read")
        else:
            note = ngettext("read %(count)d time", "read %(count)d times", one.times) % {"count": one.times}
        yield Item(f"report/{one.name}/{one.member}", "reports", sentence, note, "deals")


def the_map(glass: Glass, at: datetime) -> Iterator[Item]:
    """The map's own review date, and who stands in for its owner."""
    yield _review(glass, at)
    deputy = glass.map.deputy
    there = Member.objects.filter(email__iexact=deputy, is_active=True).first() if deputy else None
    if there is None:
        sentence = (
            _("Nobody stands in for the owner of the map")
            if not deputy
            else _("%(who)s stands in for the owner, and doesn’t work here") % {"who": deputy}
        )
        yield Item("deputy", "map", sentence, _("Name a deputy before you are away."), "map-draft")
    if not Member.objects.filter(email__iexact=glass.map.owner, is_active=True).exists():
        yield Item("owner-left", "map", _("The owner of the map doesn’t work here any more"), "", "map-draft")


def _review(glass: Glass, at: datetime) -> Item:
    since, due, on = owned.published_at() or at, owned.reviewed_by(glass.map, at), at.date()
    repeated = sum(count >= REPEATED for count in glass.now.by("exception").values())
    note = ngettext("%(count)d exception has repeated since", "%(count)d exceptions have repeated since", repeated) % {
        "count": repeated
    }
    if due <= on:
        sentence = _("The map is due for review: it was published on %(day)s") % {"day": words.day(since.date(), on)}
    else:
        sentence = _("The map is reviewed by %(day)s") % {"day": words.day(due, on)}
    proposed = _("Gone through? Draft the next review date.") if due <= on else ""
    return Item("map-review", "map", sentence, note, "map-draft", proposes=proposed, drafts=due <= on)
