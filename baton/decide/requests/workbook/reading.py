"""A workbook becomes plain values: sheets, cells, merges, lists to choose from. Runs in the limited child."""

from __future__ import annotations

import re
from contextlib import suppress

from baton.capture.untrusted import Unreadable
from baton.decide.requests.workbook import plain
from baton.decide.requests.workbook.book import Book, Cell, Sheet, Value
from baton.decide.requests.workbook.package import MACROS, Package, elements, local, parse, parser
from baton.decide.requests.workbook.places import Area, area
from baton.decide.requests.workbook.sheet_part import RawCell, scan
from baton.decide.requests.workbook.styles import Styles, read_styles

OLD = b"\xd0\xcf\x11\xe0"


def read_workbook(raw: bytes) -> Book:
    """Read a workbook. Raises `Unreadable` with the sentence for whoever sent it."""
    if not raw.strip():
        raise Unreadable("The file is empty.")
    if raw.startswith(b"PK"):
        package_kind = plain.kind_of_package(raw)
        return _of_package(raw) if package_kind == "xlsx" else plain.read_ods(raw)
    if raw.startswith(OLD):
        return plain.read_xls(raw)
    return plain.read_csv(raw)


def _of_package(raw: bytes) -> Book:
    package = Package(raw)
    texts = shared_texts(package)
    styles = styles_of(package)
    sheets = [_sheet(package, one.name, one.part, one.state, texts, styles) for one in package.sheets]
    names = defined_names(package.read(package.main))
    for sheet in sheets:
        sheet.names = _names_on(sheet.name, names)
    links = sum(kind == "externalLink" for kind, _part in package.links.values())
    return Book("xlsm" if has_macros(package) else "xlsx", sheets, outside_links=links)


def has_macros(package: Package) -> bool:
    """Whether the workbook brings macros; they stay in it, and are never run."""
    types = package.read("[Content_Types].xml").decode("utf-8", "replace")
    return any(kind in types for kind in MACROS)


def styles_of(package: Package) -> Styles:
    """Return the formats of a workbook; none where it has no styles."""
    found = package.linked(package.main, "styles")
    return read_styles(package.read(found[0])) if found else Styles()


def shared_texts(package: Package) -> list[str]:
    """Return the texts that cells share, by number; the spelling of sounds beside them is left out."""
    found = package.linked(package.main, "sharedStrings")
    reading = _Texts()
    if found:
        walker = parser()
        walker.StartElementHandler, walker.EndElementHandler = reading.start, reading.stop
        walker.CharacterDataHandler = reading.text
        parse(walker, package.read(found[0]))
    return reading.texts


class _Texts:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.words: list[str] = []
        self.inside = self.aside = False

    def start(self, name: str, _its: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            self.words = []
        self.aside |= name == "rPh"
        self.inside = name == "t" and not self.aside

    def text(self, words: str) -> None:
        if self.inside:
            self.words.append(words)

    def stop(self, name: str) -> None:
        name = local(name)
        self.inside = False
        if name == "rPh":
            self.aside = False
        elif name == "si":
            self.texts.append("".join(self.words))


def _sheet(package: Package, name: str, part: str, state: str, texts: list[str], styles: Styles) -> Sheet:
    raw = scan(package.read(part))
    hidden = {number for number, row in raw.rows.items() if row.hidden}
    made = Sheet(name, state, raw.protected, merges=raw.merges, hidden_rows=frozenset(hidden))
    made.cells = {at: _cell(one, texts, styles) for at, one in raw.cells.items()}
    made.lists = [(areas, _choices(text)) for areas, text in raw.lists if _choices(text)]
    made.tables = [where for _name, where in tables_of(package, part)]
    made.pivots = _pivots(package, part)
    return made


def defined_names(content: bytes) -> dict[str, str]:
    """Return the names of a workbook and what each stands for."""
    text = content.decode("utf-8", "replace")
    found = re.findall(r'<(?:\w+:)?definedName\b[^>]*?\bname="([^"]*)"[^>]*>([^<]*)<', text)
    return {name: what.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for name, what in found}


def _names_on(sheet: str, names: dict[str, str]) -> dict[str, Area]:
    """The names that stand for one range of a sheet."""
    found = {}
    for name, what in names.items():
        where, mark, corners = what.rpartition("!")
        if mark and where.strip("'").replace("''", "'") == sheet:
            with suppress(ValueError):
                found[name] = area(corners)
    return found


def _pivots(package: Package, part: str) -> list[Area]:
    """The ranges that pivots fill by themselves."""
    found = []
    for lies in package.linked(part, "pivotTable"):
        places = [its.get("ref", "") for name, its in elements(package.read(lies)) if name == "location"]
        with suppress(ValueError):
            found += [area(place) for place in places]
    return found


def tables_of(package: Package, part: str) -> list[tuple[str, Area]]:
    """Return the tables of a sheet: (name, range)."""
    found = []
    for lies in package.linked(part, "table"):
        its = next((its for name, its in elements(package.read(lies)) if name == "table"), {})
        try:
            found.append((its.get("displayName") or its.get("name", ""), area(its.get("ref", ""))))
        except ValueError:
            continue
    return found


def _choices(text: str) -> list[str]:
    """Choices that stand in the rule itself; those that stand in cells are read from there by whoever fills."""
    quoted = re.fullmatch(r'"(.*)"', text.strip(), re.DOTALL)
    return [one.strip() for one in quoted[1].replace('""', '"').split(",")] if quoted else []


def _cell(one: RawCell, texts: list[str], styles: Styles) -> Cell:
    shows = styles.kind(one.style)
    formula = one.formula is not None
    return Cell(value_of(one, texts), formula, shows, styles.is_locked(one.style), one.type == "e")


def value_of(one: RawCell, texts: list[str]) -> Value:
    """Return what a cell holds: a text, a number, yes or no, or nothing."""
    if not one.has_value or one.value == "":
        return None
    if one.type == "s":
        number = int(one.value) if one.value.strip().isdigit() else -1
        return texts[number] if 0 <= number < len(texts) else None
    if one.type in {"str", "inlineStr", "e", "d"}:
        return one.value
    if one.type == "b":
        return one.value.strip() in {"1", "true"}
    try:
        return float(one.value)
    except ValueError:
        return one.value
