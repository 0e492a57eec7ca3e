"""What members do in the story: each verb of a script calls the verb of the work, as a page would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from baton.capture import inbox, store, suggestions
from baton.channels.calendar import booking
from baton.decide import forecast
from baton.decide.forecast import calls as forecasting
from baton.decide.forecast.periods import Period, containing
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Fact
from baton.ledger.recording import record
from baton.management.demonstration.happening import Happening
from baton.management.demonstration.papers import paper
from baton.management.demonstration.people import everybody
from baton.management.demonstration.reviewing import REVIEWING
from baton.management.demonstration.scene import CALLER, Scene
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import evidence, exceptions, handoffs, moves, next_steps, notes, promises, questions

Deed = Callable[[Scene, Happening], Any]


# What is known


def notes_down(scene: Scene, one: Happening) -> None:
    """Record facts of the deal, and the name of its company; `since` says how long it has been so."""
    entries = [entry for name, value in one.told["facts"].items() for entry in _fact(scene, one.on, name, value)]
    if one.told.get("since"):
        entries = [replace(entry, happened_at=scene.calendar.moment(one.told["since"])) for entry in entries]
    record(entries, by=Author(scene.member(one.by)), at=one.at)


def _fact(scene: Scene, on: str, name: str, value: Any) -> list[Entry]:
    if name == "company":
        return said("company", scene.deal(on).company_id, name=value)
    return said("deal", scene.deals[on], **{name: _value(scene, on, name, value)})


def _value(scene: Scene, on: str, name: str, value: Any) -> Any:
    """Return a value as the ledger keeps it."""
    operating_map = current_map()
    if name == "amount":
        return {"minor": value * 100, "currency": operating_map.currency}
    known = operating_map.fields.get(name)
    kind = known.type if known else "date" if name == "close_date" else "text"
    if kind == "date":
        return scene.calendar.iso(str(value))
    if kind == "contact":
        return {"name": everybody()[value].name if value in everybody() else value}
    return scene.papers[f"{on}/{value}"] if kind == "file" else value


def confirms(scene: Scene, one: Happening) -> None:
    """Confirm what waits for one field, as it was read or with another value."""
    for fact in _waiting(scene, one):
        suggestions.confirm(fact, by=scene.member(one.by), at=one.at)


def dismisses(scene: Scene, one: Happening) -> None:
    for fact in _waiting(scene, one):
        suggestions.dismiss(fact, by=scene.member(one.by), at=one.at, because=one.text("because"))


def tidies(scene: Scene, one: Happening) -> None:
    """Say of everything that the letters of the deal still suggest that it isn't needed."""
    entries = suggestions.dismissals(scene.heard[one.on], one.text("because"))
    record(entries, by=Author(scene.member(one.by)), at=one.at)


def _waiting(scene: Scene, one: Happening) -> list[Fact]:
    deal, wanted = scene.deal(one.on), one.told["fields"]
    rows = suggestions.waiting_on([deal.pk, *filter(None, [deal.contact_id])], scene.member(one.by))
    found = {fact.field: fact for fact in rows if fact.field in wanted}
    if found.keys() != set(wanted):
        raise LookupError(f"Nothing waits on {one.on} for {set(wanted) - found.keys()}.")
    return list(found.values())


# What happened


def logs(scene: Scene, one: Happening) -> None:
    """Write down a call, a meeting, a text or a note, with the papers that came of it."""
    files = tuple(_kept(scene, one, name) for name in one.told.get("papers", []))
    how = {name: one.told[name] for name in ("direction", "minutes", "cancelled") if name in one.told}
    row = notes.log(
        scene.deal(one.on), one.told["kind"], one.text("says"), by=scene.member(one.by), at=one.at, files=files, **how
    )
    scene.heard.setdefault(one.on, []).append(row.pk)


def _kept(scene: Scene, one: Happening, name: str) -> notes.Described:
    content, kind = paper(name, [name.rpartition(".")[0], *one.text("says").splitlines()])
    digest = store.put(content)
    scene.papers[f"{one.on}/{name}"] = {"name": name, "sha256": digest}
    return name, kind, len(content), digest, False, ""


def shows(scene: Scene, one: Happening) -> None:
    """Say that the last message shows something that a duty or a stage waits for, say a planned visit."""
    row = scene.last_heard(one.on, one.told.get("way", "in"))
    evidence.show_event(
        scene.deal(one.on), [(one.told["what"], "")], evidence=row.pk, by=scene.member(one.by), at=one.at
    )


def books(scene: Scene, one: Happening) -> None:
    """Book a meeting with somebody; `when` is its time, `minutes` how long it lasts."""
    starts, person = scene.calendar.moment(str(one.told["when"])), scene.person(one.told["with"])
    ends = starts + timedelta(minutes=one.told["minutes"])
    wanted = booking.Wanted(one.told["what"], starts, ends, [(person.name, person.address)])
    booking.book(scene.deal(one.on), wanted, by=scene.member(one.by), at=one.at, key=f"{one.on}:{one.told['when']}")


# Where it stands


def moves_it(scene: Scene, one: Happening) -> None:
    """Move the deal; `shown_by` is the way (in, out, internal) of the last message that shows it."""
    way = one.text("shown_by")
    moved = moves.move(
        scene.deal(one.on),
        one.told["to"],
        by=scene.member(one.by),
        at=one.at,
        evidence=scene.last_heard(one.on, way).pk if way else None,
        because=one.text("because"),
    )
    if moved.opened and one.told.get("opens"):
        scene.deals[one.told["opens"]] = moved.opened.pk


def plans(scene: Scene, one: Happening) -> None:
    next_steps.set_next(scene.deal(one.on), one.told["what"], by=scene.member(one.by), at=one.at, **_due(scene, one))


def goes_on(scene: Scene, one: Happening) -> None:
    """Say that the step is done, what came of it, and what comes next."""
    due = _due(scene, one)
    next_steps.done_and_next(
        scene.deal(one.on),
        by=scene.member(one.by),
        at=one.at,
        outcome=one.text("says"),
        kind=one.told.get("kind", "note"),
        next_what=one.text("what"),
        next_due=due.get("due"),
        next_by=scene.members.get(one.text("next_by")),
    )


def _due(scene: Scene, one: Happening, name: str = "due") -> dict[str, Any]:
    return {name: scene.calendar.moment(str(one.told["due"]))} if one.told.get("due") else {}


def takes(scene: Scene, one: Happening) -> None:
    """Become the deal's owner."""
    entries = said("deal", scene.deals[one.on], owner=str(scene.member(one.by).pk))
    record(entries, by=Author(scene.member(one.by)), at=one.at)


def loses(scene: Scene, one: Happening) -> None:
    moves.lose(scene.deal(one.on), because=one.told["because"], by=scene.member(one.by), at=one.at)


def finishes(scene: Scene, one: Happening) -> None:
    moves.finish(scene.deal(one.on), by=scene.member(one.by), at=one.at)


# From desk to desk


def offers(scene: Scene, one: Happening) -> None:
    handoffs.offer(scene.deal(one.on), to=one.told["to"], by=scene.member(one.by), at=one.at, note=one.text("note"))


def accepts(scene: Scene, one: Happening) -> None:
    handoffs.accept(scene.waiting_handoff(one.on), by=scene.member(one.by), at=one.at)


def excuses(scene: Scene, one: Happening) -> None:
    """Accept in spite of a gap, with the reason."""
    handoffs.accept_with_exception(
        scene.waiting_handoff(one.on),
        category=one.told["category"],
        reason=one.told["because"],
        by=scene.member(one.by),
        at=one.at,
    )


def returns(scene: Scene, one: Happening) -> None:
    handoffs.send_back(
        scene.waiting_handoff(one.on),
        missing=one.told["missing"],
        because=one.text("because"),
        by=scene.member(one.by),
        at=one.at,
    )


# What is owed


def promises_it(scene: Scene, one: Happening) -> None:
    """Promise something; `by` may be a customer, who promises us."""
    theirs = one.by not in scene.members
    writer = scene.member(one.told["noted_by"] if theirs else one.by)
    made_in = scene.heard.get(one.on, [None])[-1]
    who = "them" if theirs else "us"
    due = _due(scene, one, "due_at")
    promises.make(scene.deal(one.on), one.told["what"], by=writer, at=one.at, who=who, made_in=made_in, **due)


def keeps(scene: Scene, one: Happening) -> None:
    promises.keep(scene.open_promise(one.on, one.told["what"]), by=scene.member(one.by), at=one.at)


def breaks(scene: Scene, one: Happening) -> None:
    promise = scene.open_promise(one.on, one.told["what"])
    promises.break_(promise, because=one.told["because"], by=scene.member(one.by), at=one.at)


def asks(scene: Scene, one: Happening) -> None:
    questions.ask(
        scene.deal(one.on),
        one.told["says"],
        of=scene.member(one.told["of"]),
        by=scene.member(one.by),
        at=one.at,
        about_field=one.text("about"),
    )


def asks_for_evidence(scene: Scene, one: Happening) -> None:
    """Ask the deal's owner what shows its stage."""
    moves.ask_for_evidence(scene.deal(one.on), by=scene.member(one.by), at=one.at)


def answers(scene: Scene, one: Happening) -> None:
    questions.answer(scene.open_question(one.on), one.text("says"), by=scene.member(one.by), at=one.at)


def excepts(scene: Scene, one: Happening) -> None:
    """Record a departure from the map."""
    exceptions.record_exception(
        scene.deal(one.on),
        one.told["what"],
        category=one.told["category"],
        reason=one.text("because"),
        by=scene.member(one.by),
        at=one.at,
    )


def reviews(scene: Scene, one: Happening) -> None:
    exceptions.review(scene.exception(one.on), by=scene.member(one.by), at=one.at)


# From Inbox


def opens(scene: Scene, one: Happening) -> None:
    """Open a deal from the last message of this part of the story, which waits in Inbox."""
    row = scene.last_heard(one.on)
    inbox.open_deal(row, by=scene.member(one.by), at=one.at, title=one.text("title"), company_name=one.text("company"))
    row.refresh_from_db(from_queryset=type(row).objects.unscoped(CALLER))
    assert row.deal_id
    scene.deals[one.on] = row.deal_id


def sets_aside(scene: Scene, one: Happening) -> None:
    inbox.set_aside(scene.last_heard(one.on), by=scene.member(one.by), at=one.at)


# What is called


def calls(scene: Scene, one: Happening) -> None:
    """Call one's own quarter: a share of what one has won and open in it."""
    by = scene.member(one.by)
    forecasting.call(_quarter(one), _share(one, by), by=by, at=one.at)


def sets_over(scene: Scene, one: Happening) -> None:
    """Set another number over a colleague's, with the reason."""
    whose = scene.member(one.told["whose"])
    told = {"whose": whose, "because": one.text("because"), "by": scene.member(one.by), "at": one.at}
    forecasting.override(_quarter(one), _share(one, whose), **told)


def _quarter(one: Happening) -> Period:
    return containing(one.at.date(), "quarter")


def _share(one: Happening, whose: Member) -> int:
    found = forecast.at(whose, by="quarter", count=1, first=one.at.date(), narrow={"owner": whose.pk}).of(0)
    pounds = (found.won + found.open) * int(one.text("share").rstrip("%")) // 10_000
    return max(5_000, round(pounds, -3)) * 100


DEEDS: dict[str, Deed] = {
    **REVIEWING,
    "calls": calls,
    "sets a number over": sets_over,
    "notes": notes_down,
    "confirms": confirms,
    "dismisses": dismisses,
    "tidies": tidies,
    "logs": logs,
    "shows": shows,
    "books": books,
    "moves": moves_it,
    "plans": plans,
    "goes on": goes_on,
    "takes": takes,
    "loses": loses,
    "finishes": finishes,
    "offers": offers,
    "accepts": accepts,
    "excuses": excuses,
    "returns": returns,
    "promises": promises_it,
    "keeps": keeps,
    "breaks": breaks,
    "asks": asks,
    "asks for evidence": asks_for_evidence,
    "answers": answers,
    "excepts": excepts,
    "reviews": reviews,
    "opens": opens,
    "sets aside": sets_aside,
}
