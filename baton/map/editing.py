"""Edits of a map's YAML, one for each thing that can be done on the drawing: text in, text out.

An edit changes the words that it is about; comments, order and letters of everything else stay. What an edit leads to
may well be wrong (a field that nothing needs any more): the validation says so, no edit is refused for it. Elements
keep their permanent id: a new name is only a name, and a new key keeps the old one as `id`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from copy import deepcopy

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.map.elements import handoff_name, name_from
from baton.map.mentions import Said, consumers, elements, follow, listed
from baton.map.patching import Renamed, patched, said
from baton.map.reading import SECTIONS
from baton.map.section import KEY
from baton.map.writing import Written

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "desks": ("name", "id", "lead", "members", "capture", "opens_deals"),
    "stages": ("name", "id", "desk", "entered_by", "weight", "closes", "opens", "proof_for"),
    "fields": ("name", "id", "type", "on", "choices", "caught_at", "needed_by", "breaks", "fresh_for", "read_from",
               "heard_as"),
    "handoffs": ("name", "id", "from", "to", "at", "carries", "accept_within", "exceptions"),
    "behaviors": ("name", "id", "opens", "closes", "owed_by", "within", "if_forgotten", "so_that"),
    "decisions": ("name", "id", "who", "every", "reads", "page"),
    "automations": ("name", "id", "when", "acts", "if", "do", "relies_on", "at_most", "held_by", "so_that"),
}  # fmt: skip
"""What an element of each group may say, in the order in which it is written."""


def add(text: str, group: str, key: str, entries: Mapping[str, Written], before: str = "") -> str:
    """Add an element in front of another one, or as the last. Raises `Refusal` where the key is taken or is none."""

    def change(now: Said) -> None:
        _refuse_key(now, group, key)
        _insert(
            _group(now, group),
            key,
            {name: value for name, value in entries.items() if value not in ("", [], {})},
            before,
        )

    return _edited(text, change)


def put(text: str, group: str, key: str, entries: Mapping[str, Written]) -> str:
    """Have an element say this; what is empty is taken out, what isn't named stays."""

    def change(now: Said) -> None:
        _set(_element(now, group, key), entries, ATTRIBUTES[group])

    return _edited(text, change)


def put_whole(text: str, entries: Mapping[str, Written]) -> str:
    """Have the map itself say this: its purpose, its deputy, its review."""
    return _edited(text, lambda now: _set(now, entries, SECTIONS))


def rename(text: str, group: str, key: str, name: str) -> str:
    """Give an element another name on screens. Its key and its id stay, and so does everything that names it."""
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("A name is needed here."))

    def change(now: Said) -> None:
        element = _element(now, group, key)
        _set(element, {"name": "" if name == _usual_name(group, key, element) else name}, ATTRIBUTES[group])

    return _edited(text, change)


def rekey(text: str, group: str, key: str, new: str) -> str:
    """Give an element another word in the YAML. Whoever names it follows; its id and its name stay."""
    if key == new:
        return text

    def change(now: Said) -> None:
        _refuse_key(now, group, new)
        element = _element(now, group, key)
        shown = element.get("name") or _usual_name(group, key, element)
        name = "" if shown == _usual_name(group, new, element) else shown
        permanent = element.get("id") or key
        _set(element, {"name": name, "id": "" if permanent == new else permanent}, ATTRIBUTES[group])
        now[group] = {new if each == key else each: value for each, value in _group(now, group).items()}
        follow(now, group, key, new)

    return _edited(text, change, {(group, key): new})


def move(text: str, group: str, key: str, before: str = "") -> str:
    """Have an element stand in front of another one, or last."""

    def change(now: Said) -> None:
        _insert(_group(now, group), key, _element(now, group, key), before)

    return _edited(text, change)


def place_stage(text: str, key: str, desk: str, before: str = "") -> str:
    """Have a stage belong to a desk and stand in front of another one, or last.

    A handoff that left from it leaves from what is left at its old desk.
    """

    def change(now: Said) -> None:
        stage = _element(now, "stages", key)
        was = stage.get("desk")
        stage["desk"] = desk
        _insert(_group(now, "stages"), key, stage, before)
        if was != desk:
            _leave_from_another(now, key, str(was))

    return _edited(text, change)


def carry(text: str, handoff: str, item: str, before: str = "") -> str:
    """Have a packet carry an item in front of another one, or last; one that it carries already moves there."""

    def change(now: Said) -> None:
        element = _element(now, "handoffs", handoff)
        items = [each for each in listed(element.get("carries")) if each != item]
        items.insert(items.index(before) if before in items else len(items), item)
        _set(element, {"carries": [*items]}, ATTRIBUTES["handoffs"])

    return _edited(text, change)


def leave_out(text: str, handoff: str, item: str) -> str:
    """Have a packet carry an item no longer."""

    def change(now: Said) -> None:
        element = _element(now, "handoffs", handoff)
        _set(
            element,
            {"carries": [each for each in listed(element.get("carries")) if each != item]},
            ATTRIBUTES["handoffs"],
        )

    return _edited(text, change)


def hand_item(text: str, item: str, from_handoff: str, to_handoff: str, before: str = "") -> str:
    """Have one packet carry an item instead of another one."""
    if from_handoff != to_handoff:
        text = leave_out(text, from_handoff, item)
    return carry(text, to_handoff, item, before)


def need(text: str, field: str, handoffs: list[str], decisions: list[str]) -> str:
    """Have exactly these handoffs carry a field and these decisions read it."""

    def change(now: Said) -> None:
        for group, attribute, wanted in (("handoffs", "carries", handoffs), ("decisions", "reads", decisions)):
            for key, element in elements(now, group).items():
                words = listed(element.get(attribute))
                if (field in words) != (key in wanted):
                    words = [*words, field] if key in wanted else [word for word in words if word != field]
                    _set(element, {attribute: [*words]}, ATTRIBUTES[group])

    return _edited(text, change)


def remove(text: str, group: str, key: str, successor: str = "", *, deals_follow: bool = False) -> str:
    """Take an element out. What named it names `successor` instead, or is silent about it where it can be.

    `deals_follow` notes for a stage that was published that its deals go to the successor.
    """

    def change(now: Said) -> None:
        element = _element(now, group, key)
        del _group(now, group)[key]
        if group == "stages":
            _leave_from_another(now, key, str(element.get("desk")))
            if deals_follow and successor:
                _put_successor(now, str(element.get("id") or key), successor)
        follow(now, group, key, successor)
        if group == "desks" and successor:
            _drop_circles(now)
        if not now[group]:
            del now[group]

    return _edited(text, change)


def free_key(text: str, group: str, name: str) -> str:
    """A key for a new element, made of its name, that no other one of its group has."""
    ascii_name = (
        unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("đ", "d")).encode("ascii", "ignore").decode()
    )
    joined = "_" if group in ("desks", "stages", "fields") else "-"
    bare = re.sub(r"[^a-z0-9]+", joined, ascii_name.lower()).strip(joined).lstrip("0123456789_-")[:50] or group.rstrip(
        "s"
    )
    taken = said(text).get(group) or {}
    numbered = (f"{bare}{joined}{number}" for number in range(2, len(taken) + 3))
    return bare if bare not in taken else next(key for key in numbered if key not in taken)


# How an edit is made


def _edited(text: str, change: Callable[[Said], None], renamed: Renamed | None = None) -> str:
    was = said(text)
    now = deepcopy(was)
    change(now)
    _keep_needed_by(was, now)
    return patched(text, now, renamed)


def _keep_needed_by(was: Said, now: Said) -> None:
    """A field that says who needs it goes on saying so."""
    before, after = consumers(was), consumers(now)
    for key, field in elements(now, "fields").items():
        words = listed(field.get("needed_by"))
        gone = [each for each in before.get(key, []) if each not in after.get(key, [])]
        came = [each for each in after.get(key, []) if each not in before.get(key, [])]
        left = [word for word in words if word not in gone]
        new = [*left, *(each for each in came if each not in left)]
        if words and new != words:
            _set(field, {"needed_by": [*new]}, ATTRIBUTES["fields"])


def _group(now: Said, group: str) -> Said:
    found = now.get(group)
    if not isinstance(found, dict):
        found = {}
        _set(now, {group: {"": ""}}, SECTIONS)
        now[group] = found
    return found


def _element(now: Said, group: str, key: str) -> Said:
    found = _group(now, group).get(key)
    if isinstance(found, dict):
        return found
    raise Refusal(_("“{key}” isn’t in this draft any more. Look at it anew.").format(key=key))


def _refuse_key(now: Said, group: str, key: str) -> None:
    if not KEY.fullmatch(key):
        raise Refusal(
            _("“{key}” can’t be a key: use small letters, digits, `_` and `-`, at most 60, a letter first.").format(
                key=key
            )
        )
    if key in _group(now, group):
        raise Refusal(_("“{key}” is there already.").format(key=key))


def _set(holder: Said, entries: Mapping[str, Written], order: tuple[str, ...]) -> None:
    """Set or take out entries in place; a new one comes where it is usually written."""
    for name, value in entries.items():
        if value in ("", [], {}):
            holder.pop(name, None)
        elif name in holder:
            holder[name] = value
        else:
            later = order[order.index(name) + 1 :] if name in order else ()
            _insert(holder, name, value, next((each for each in holder if each in later), ""))


def _insert(holder: Said, key: str, value: Written, before: str) -> None:
    holder.pop(key, None)
    rest = {}
    if before in holder:
        names = list(holder)
        rest = {name: holder.pop(name) for name in names[names.index(before) :]}
    holder[key] = value
    holder.update(rest)


def _usual_name(group: str, key: str, element: Said) -> str:
    if group == "handoffs":
        return handoff_name(str(element.get("from", "")), str(element.get("to", "")))
    return name_from(key)


def _leave_from_another(now: Said, stage: str, desk: str) -> None:
    others = [key for key, each in elements(now, "stages").items() if each.get("desk") == desk and key != stage]
    for handoff in elements(now, "handoffs").values():
        if handoff.get("at") == stage and handoff.get("from") == desk and others:
            handoff["at"] = others[-1]


def _put_successor(now: Said, removed: str, successor: str) -> None:
    known = now.get("successors")
    _set(now, {"successors": {**(known if isinstance(known, dict) else {}), removed: successor}}, SECTIONS)


def _drop_circles(now: Said) -> None:
    """A handoff whose both ends are one desk now is none."""
    for key, each in elements(now, "handoffs").items():
        if each.get("from") == each.get("to"):
            del _group(now, "handoffs")[key]
            follow(now, "handoffs", key, "")
    if not now.get("handoffs"):
        now.pop("handoffs", None)
