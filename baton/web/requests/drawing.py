"""What the page of one request shows: a sheet with its filled cells, and one cell with what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.requests.models import Request
from baton.decide.requests.sources import TRUSTS
from baton.decide.requests.workbook.places import column_letters, place
from baton.kernel.clock import now, unstamp
from baton.kernel.words import money
from baton.ledger.models import Deal
from baton.map.elements import BUILT_IN_FIELDS
from baton.members.models import Member
from baton.web.requests.meaning import choices_for, groups

MOST_PARTS = 100
NUMBERS = ("money", "number", "share")


def context_of(request: Request, member: Member, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of the page. `asked` names the sheet by its number and the cell by its name."""
    told = request.told
    sheets = told.get("sheets", [])
    number = int(asked.get("sheet", "")) if asked.get("sheet", "").isdecimal() else _first(told)
    sheet = sheets[number] if number < len(sheets) else None
    chosen = asked.get("cell", "") or (_first_cell(told, sheet["name"]) if sheet else "0")
    return {
        "one": request,
        "told": told,
        "tabs": [_tab(told, one, n, current=n == number) for n, one in enumerate(sheets)],
        "sheet": _grid(told, sheet, number, chosen) if sheet else None,
        "cell": _cell(told, sheet["name"] if sheet else "", chosen, member),
        "labels": choices_for(request, told),
        "groups": groups() if told.get("labels") and member.may_write else [],
        "counted": sorted({one["key"] for one in told.get("labels", []) if one["reading"].get("unplaced")}),
        "says": _answer(request),
        "nothing": request.because or _nothing(request),
        "now": now(),
    }


def _first(told: Mapping[str, Any]) -> int:
    """The first sheet that something was filled in, else the first one that is seen."""
    sheets = told.get("sheets", [])
    filled = [n for n, one in enumerate(sheets) if told["filled"].get(one["name"])]
    seen = [n for n, one in enumerate(sheets) if one["state"] == "visible"]
    return next(iter([*filled, *seen]), 0)


def _first_cell(told: Mapping[str, Any], sheet: str) -> str:
    return min(told["filled"].get(sheet, {}), key=place, default="")


def _tab(told: Mapping[str, Any], sheet: Mapping[str, Any], number: int, *, current: bool) -> dict[str, Any]:
    label = sheet["name"] if sheet["state"] == "visible" else _("%(name)s (hidden)") % {"name": sheet["name"]}
    count = len(told["filled"].get(sheet["name"], {}))
    return {"label": label, "href": f"?{urlencode({'sheet': number})}", "count": count or "", "current": current}


def _answer(request: Request) -> str:
    """The page's first line."""
    if request.state in {Request.State.WAITING, Request.State.REFUSED}:
        return request.because or _("Baton is about to read it.")
    if not request.raw:
        return request.because
    filled = ngettext("Baton filled %(count)d cell", "Baton filled %(count)d cells", request.cells)
    left = ngettext("%(count)d stays empty and says why", "%(count)d stay empty and say why", request.left)
    parts = [filled % {"count": request.cells}, left % {"count": request.left}]
    if stays := _kept(request.told):
        kept = ngettext("%(count)d holds a figure already and stays", "%(count)d hold a figure already and stay", stays)
        parts.append(kept % {"count": stays})
    return "; ".join(parts) + "."


def _kept(told: Mapping[str, Any]) -> int:
    cells = [cell for sheet in told.get("left", {}).values() for cell in sheet.values()]
    return sum(state == "kept" for state, _why in cells)


def _nothing(request: Request) -> str:
    """What to do about a template in which no cell could be filled."""
    if request.left or not _kept(request.told):
        return _("No cell could be filled. Each says why.")
    return _("Every cell holds a figure already, so nothing was filled. To have them replaced, say so below the sheet.")


def _grid(told: Mapping[str, Any], sheet: Mapping[str, Any], number: int, chosen: str) -> dict[str, Any]:
    filled, left = told["filled"].get(sheet["name"], {}), told["left"].get(sheet["name"], {})
    texts = sheet["cells"]
    empty = [name for name in left if name not in texts]
    places = [place(name) for name in (*texts, *filled, *empty)]
    rows = min(max((at[0] for at in places), default=0), 300)
    columns = min(max((at[1] for at in places), default=0), 60)
    letters = [column_letters(column) for column in range(1, columns + 1)]
    return {
        "name": sheet["name"],
        "letters": letters,
        "rows": [
            (row, [_drawn(f"{letter}{row}", texts, filled, left, number, chosen) for letter in letters])
            for row in range(1, rows + 1)
            if any(f"{letter}{row}" in cells for letter in letters for cells in (texts, filled, left))
        ],
    }


def _drawn(
    name: str, texts: Mapping[str, Any], filled: Mapping[str, Any], left: Mapping[str, Any], number: int, chosen: str
) -> dict[str, Any]:
    """One cell of the table: filled with its trust, left with its reason, or as it came."""
    href = f"?{urlencode({'sheet': number, 'cell': name})}"
    if name in filled:
        one = filled[name]
        numeric = one["shows"] in NUMBERS
        return {"text": one["text"], "trust": one["trust"], "href": href, "num": numeric, "chosen": name == chosen}
    if name in left and left[name][0] != "kept" and name not in texts:
        words = _("to be said") if left[name][0] == "ask" else _("left")
        return {"text": words, "trust": "missing", "href": href, "chosen": name == chosen}
    text, kind = texts.get(name, ["", "t"])
    return {"text": text if kind != "f" else text or _("computed"), "num": kind in "nf", "head": kind == "t" and text}


def _cell(told: Mapping[str, Any], sheet: str, chosen: str, member: Member) -> dict[str, Any] | None:
    if not sheet and told.get("lines"):
        number = int(chosen) if chosen.isdecimal() and int(chosen) < len(told["lines"]) else 0
        return _behind(told, told["lines"][number], "", member)
    if chosen in told.get("filled", {}).get(sheet, {}):
        return _behind(told, told["filled"][sheet][chosen], chosen, member)
    if chosen in told.get("left", {}).get(sheet, {}):
        state, why = told["left"][sheet][chosen]
        return {"name": chosen, "text": _("Stays empty") if state != "kept" else _("Stays as it is"), "why": why}
    return None


def _behind(told: Mapping[str, Any], one: Mapping[str, Any], name: str, member: Member) -> dict[str, Any]:
    """The deals behind a figure with what each adds, and who entered what it rests on."""
    parts = one["parts"]
    ids = [told["deals"][number]["id"] for number, _adds, _rests in parts]
    seen = {
        str(pk) for pk in Deal.objects.visible_to(member).filter(pk__in=ids[:MOST_PARTS]).values_list("pk", flat=True)
    }
    people = {str(pk): who for pk, who in Member.objects.values_list("pk", "name")}
    return {
        "name": name,
        "text": one["text"],
        "what": one["what"],
        "trust": one["trust"],
        "trust_text": TRUSTS[one["trust"]],
        "remarks": one["remarks"] + ([one["why"]] if one["why"] else []),
        "count": len(parts),
        "rows": [_row(told, part, one, people, seen) for part in parts[:MOST_PARTS]],
        "more": max(0, len(parts) - MOST_PARTS),
        "entered": _entered(told, parts, people),
    }


def _row(
    told: Mapping[str, Any], part: Any, one: Mapping[str, Any], people: Mapping[str, str], seen: set[str]
) -> dict[str, Any]:
    number, adds, rested = part
    deal = told["deals"][number]
    facts = [_fact(name, deal["facts"][name], people) for name in told["rests"][rested] if name in deal["facts"]]
    return {
        "id": deal["id"] if deal["id"] in seen else "",
        "title": deal["title"],
        "adds": money(adds, one["currency"]) if one["shows"] == "money" else "",
        "facts": facts,
        "evidence": "shown" if deal["shown"] else "said",
        "evidence_text": _("shown") if deal["shown"] else _("said, not shown"),
    }


def _fact(name: str, kept: list[Any], people: Mapping[str, str]) -> dict[str, Any]:
    fact, said_by, said_at, trust, words, channel = kept
    field = BUILT_IN_FIELDS.get(name)
    return {
        "id": fact,
        "key": name,
        "name": str(field.name) if field else name,
        "text": words,
        "by": people.get(said_by, "") or channel,
        "at": unstamp(said_at) if said_at else None,
        "trust": trust,
    }


def _entered(told: Mapping[str, Any], parts: list[Any], people: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who entered the values behind a figure, with how many and when the newest."""
    found: dict[str, list[str]] = {}
    for number, _adds, rests in parts:
        for name in told["rests"][rests]:
            kept = told["deals"][number]["facts"].get(name)
            if kept and kept[1] in people:
                found.setdefault(kept[1], []).append(kept[2])
    rows = [{"who": people[who], "count": len(times), "newest": unstamp(max(times))} for who, times in found.items()]
    return sorted(rows, key=lambda row: -row["count"])
