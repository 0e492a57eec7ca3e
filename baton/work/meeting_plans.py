"""What is planned of a meeting, from everything that was ever said of it. Pure: the order of arrival changes nothing.

A plan holds, for the meeting (`""`) and for each occurrence that was changed on its own, the newest thing said and the
newest calling off, and for each person the newest answer. Newest is by SEQUENCE, then DTSTAMP (RFC 5546, 2.1.4–2.1.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Plan = dict[str, Any]
Told = dict[str, Any]
Version = list[Any]
REPLIES = {"REPLY"}
PROPOSALS = {"COUNTER"}
SAYS_NOTHING = {"REFRESH", "DECLINECOUNTER"}
MOST_NEWS = 20
MOST_KEPT = 400


@dataclass(frozen=True, slots=True)
class Time:
    """One time at which we meet. `of` is when it was first planned for, empty where the meeting doesn't repeat."""

    of: str
    starts: datetime
    ends: datetime
    all_day: bool
    cancelled: bool
    subject: str
    place: str


def nothing(uid: str) -> Plan:
    """Return the plan of a meeting of which nothing was said yet."""
    return {"uid": uid, "organizer": None, "parts": {}, "answers": {}, "proposed": {}}


def merged(plan: Plan, told: Told) -> Plan:
    """Return the plan with what was told taken in; the same one where that is nothing new."""
    new = {name: dict(value) if isinstance(value, dict) else value for name, value in plan.items()}
    for part in told["parts"]:
        if told["method"] in REPLIES:
            _answer(new, part)
        elif told["method"] in PROPOSALS:
            _propose(new, part)
        elif told["method"] not in SAYS_NOTHING:
            _say(new, part, told["organizer"])
    return plan if new == plan else new


def _say(plan: Plan, part: Told, organizer: Told | None) -> None:
    if part["of"] not in plan["parts"] and len(plan["parts"]) >= MOST_KEPT:
        return
    kept = dict(plan["parts"].get(part["of"], {"said": None, "off": None}))
    slot = "off" if part["cancelled"] else "said"
    if kept[slot] is None or _is_newer(part, kept[slot]):
        if _newest(plan) < version(part) and organizer:
            plan["organizer"] = organizer
        kept[slot] = part
    plan["parts"][part["of"]] = kept


def _is_newer(part: Told, kept: Told) -> bool:
    """The newer version, and of one and the same what was looked at further ahead."""
    return (version(part), part.get("until", "")) > (version(kept), kept.get("until", ""))


def _newest(plan: Plan) -> Version:
    told = [one for kept in plan["parts"].values() for one in (kept["said"], kept["off"]) if one]
    return max((version(one) for one in told), default=[])


def version(part: Told) -> Version:
    """Return what tells the newer of two versions; what claims the same is told apart for good all the same."""
    return [part["seq"], part["stamp"], part["modified"], part["starts"], part["digest"]]


def _answer(plan: Plan, part: Told) -> None:
    for person in part["people"]:
        told = {"answer": person["answer"], "comment": part["comment"], "seq": part["seq"], "stamp": part["stamp"]}
        told |= {"name": person["name"]}
        _keep_newest(plan["answers"], f"{part['of']}|{person['address']}", told)


def _propose(plan: Plan, part: Told) -> None:
    for person in part["people"]:
        told = {name: part[name] for name in ("starts", "ends", "comment", "seq", "stamp")} | {"name": person["name"]}
        _keep_newest(plan["proposed"], f"{part['of']}|{person['address']}", told)


def _keep_newest(kept: dict[str, Told], key: str, told: Told) -> None:
    there = kept.get(key)
    if there is None and len(kept) >= MOST_KEPT:
        return
    if there is None or [told["seq"], told["stamp"], str(told)] > [there["seq"], there["stamp"], str(there)]:
        kept[key] = told


# What follows from a plan


def stands(kept: Told) -> Told:
    """Return what stands of the meeting or of one occurrence: the newest words, and whether it is called off."""
    said, off = kept["said"], kept["off"]
    is_off = off is not None and (said is None or _is_not_older(off, said))
    return (said or off) | {"cancelled": is_off}


def _is_not_older(off: Told, said: Told) -> bool:
    """A calling off that claims the version of what it calls off is meant to: many programs don't count on."""
    return [off["seq"], off["stamp"]] >= [said["seq"], said["stamp"]]


def main_of(plan: Plan) -> Told:
    """Return what stands of the meeting as a whole; of one that we know single occurrences of, the first."""
    parts = plan["parts"]
    return stands(parts[""] if "" in parts else parts[min(parts)])


def is_off(plan: Plan) -> bool:
    """Whether all of it is called off."""
    return all(one.cancelled for one in times(plan))


def times(plan: Plan) -> list[Time]:
    """Return the times at which we meet, in order; of a meeting that repeats without end, those that were looked at."""
    parts = plan["parts"]
    if "" not in parts:
        return sorted((_time(of, stands(kept)) for of, kept in parts.items()), key=_order)
    main = stands(parts[""])
    if not main.get("times"):
        changed = [stands(kept) for of, kept in parts.items() if of]
        return sorted([_time("", main), *(_time(one["of"], one) for one in changed)], key=_order)
    onwards = sorted((one for one in map(stands, parts.values()) if one["of"] and one["onwards"]), key=_of)
    found = {of: _occurrence(main, of, ends, onwards) for of, ends in main["times"]}
    found |= {of: _changed(of, stands(kept), main) for of, kept in parts.items() if of}
    return sorted(found.values(), key=_order)


def _of(part: Told) -> str:
    return part["of"]


def _order(one: Time) -> tuple[datetime, str]:
    return one.starts, one.of


def _time(of: str, part: Told) -> Time:
    starts, ends = datetime.fromisoformat(part["starts"]), datetime.fromisoformat(part["ends"])
    return Time(of, starts, ends, part["all_day"], part["cancelled"], part["subject"], part["place"])


def _changed(of: str, part: Told, main: Told) -> Time:
    """An occurrence with words of its own. What is called off altogether is off for it too."""
    off = part["cancelled"] or main["cancelled"]
    named = {name: part[name] or main[name] for name in ("subject", "place")}
    return _time(of, part | named | {"cancelled": off})


def _occurrence(main: Told, of: str, ends: str, onwards: list[Told]) -> Time:
    told = main | {"starts": of, "ends": ends}
    later = [one for one in onwards if one["of"] <= of]
    if later:
        moved = datetime.fromisoformat(later[-1]["starts"]) - datetime.fromisoformat(later[-1]["of"])
        lasts = datetime.fromisoformat(later[-1]["ends"]) - datetime.fromisoformat(later[-1]["starts"])
        starts = datetime.fromisoformat(of) + moved
        told |= {"starts": starts.isoformat(), "ends": (starts + lasts).isoformat()}
        told |= {"subject": later[-1]["subject"], "place": later[-1]["place"]}
        told["cancelled"] = told["cancelled"] or later[-1]["cancelled"]
    return _time(of, told)


def people_of(plan: Plan, of: str = "") -> list[Told]:
    """Return whom it invites with what they answered: {"name", "address", "answer", "comment", "proposes"}."""
    part = stands(plan["parts"][of]) if of in plan["parts"] else main_of(plan)
    return [_with_answer(person, plan, of, part) for person in part["people"] or main_of(plan)["people"]]


def _with_answer(person: Told, plan: Plan, of: str, part: Told) -> Told:
    answered = [plan["answers"].get(f"{one}|{person['address']}") for one in (of, "")]
    newest = next((one for one in answered if one and one["seq"] >= part["seq"]), None)
    told = {"answer": newest["answer"], "comment": newest["comment"]} if newest else {"comment": ""}
    proposed = plan["proposed"].get(f"{of}|{person['address']}")
    current = proposed if proposed and proposed["seq"] >= part["seq"] else None
    return person | told | {"proposes": current}


def addresses_of(plan: Plan) -> set[str]:
    """Return the addresses of everybody whom it names."""
    told = [one for kept in plan["parts"].values() for one in (kept["said"], kept["off"]) if one]
    named = {person["address"] for one in told for person in one["people"]}
    return named | ({plan["organizer"]["address"]} if plan["organizer"] else set())


def news(before: Plan | None, after: Plan) -> Iterator[Told]:
    """Yield what changed in the words of the map: {"kind", "of", "starts", "ends"}; a new series is planned once.

    That more times of it come into sight is no news.
    """
    was = {one.of: one for one in times(before)} if before else {}
    now = times(after)
    if not was and len(now) > 1 and not is_off(after):
        yield _event("meeting.planned", "", now[0])
        now = [one for one in now if one.cancelled]
    horizon = max(was, default="")
    changed = [one for one in now if _differs(was.get(one.of), one) and not (horizon and one.of > horizon)]
    if len(changed) > MOST_NEWS:
        yield _event("meeting.cancelled" if is_off(after) else "meeting.planned", "", changed[0])
        return
    yield from (_event("meeting.cancelled" if one.cancelled else "meeting.planned", one.of, one) for one in changed)


def _differs(was: Time | None, now: Time) -> bool:
    if was is None:
        return True
    return was.cancelled != now.cancelled or (not now.cancelled and (was.starts, was.ends) != (now.starts, now.ends))


def _event(kind: str, of: str, one: Time) -> Told:
    return {"kind": kind, "of": of, "starts": one.starts.isoformat(), "ends": one.ends.isoformat()}


def lasts(part: Told) -> timedelta:
    """Return how long it takes."""
    return datetime.fromisoformat(part["ends"]) - datetime.fromisoformat(part["starts"])
