"""A workbook as a package of parts (OPC, ECMA-376 part 2): which parts there are, and which of them are its sheets."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from baton.capture.tables.bounds import refuse_too_much
from baton.capture.untrusted import Unreadable

MOST_BYTES = 25_000_000
MOST_UNPACKED = 120_000_000
MOST_TAGS = 1_200_000
"""In one part. A template of three hundred thousand cells has fewer."""
MACROS = ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.ms-excel.template.macroEnabled")
DAMAGED = "The workbook is damaged: a part of it can’t be read."
Attributes = dict[str, str]


@dataclass(slots=True)
class SheetPart:
    """One sheet: its name, where it lies in the package, and whether it is visible, hidden or very hidden."""

    name: str
    part: str
    state: str


class Package:
    """The parts of a workbook. Raises `Unreadable` for what is none, or would be too much to open."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) > MOST_BYTES:
            raise Unreadable(f"It is larger than {MOST_BYTES // 1_000_000} MB: more than a template to fill.")
        refuse_too_much(raw)
        self._zip = zipfile.ZipFile(io.BytesIO(raw))
        self.infos = {one.filename: one for one in self._zip.infolist()}
        if sum(one.file_size for one in self.infos.values()) > MOST_UNPACKED:
            raise Unreadable(f"It unpacks to more than {MOST_UNPACKED // 1_000_000} MB: more than a template to fill.")
        self.main = self._main_part()
        self.links = self.relations(self.main)
        self.sheets = self._sheets()

    def read(self, part: str) -> bytes:
        """Return the bytes of a part, in UTF-8 where it is XML. Raises `Unreadable`."""
        if part not in self.infos:
            raise Unreadable(DAMAGED)
        content = self._zip.read(part)
        return _as_utf8(content) if part.endswith((".xml", ".rels")) else content

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self.infos

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part points at inside the package: id → (kind, part)."""
        lies_at = relations_part(part)
        if lies_at not in self.infos:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for name, its in elements(self.read(lies_at)):
            if name == "Relationship" and its.get("TargetMode") != "External":
                target = its.get("Target", "")
                base = "" if target.startswith("/") else posixpath.dirname(part)
                lies = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
                found[its.get("Id", "")] = (its.get("Type", "").rpartition("/")[2], lies)
        return found

    def linked(self, part: str, kind: str) -> list[str]:
        """Return the parts of one kind that a part points at: `table`, `sharedStrings`, `styles`."""
        return [lies for its, lies in self.relations(part).values() if its == kind and lies in self.infos]

    def rewritten(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the package with some parts changed or added; the others as they came, in their order."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, info in self.infos.items():
                packed.writestr(_like(info), changed.get(name, self._zip.read(name)))
            for name, content in changed.items():
                if name not in self.infos:
                    packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _main_part(self) -> str:
        found = self.linked("", "officeDocument") if "_rels/.rels" in self.infos else []
        if not found:
            raise Unreadable("That is no workbook: it is packed like one, but holds something else.")
        return found[0]

    def _sheets(self) -> list[SheetPart]:
        found = []
        for name, its in elements(self.read(self.main)):
            if name == "sheet":
                link = next((value for key, value in its.items() if key.endswith(":id")), "")
                kind, part = self.links.get(link, ("", ""))
                if kind == "worksheet" and part in self.infos:
                    found.append(SheetPart(its.get("name", ""), part, its.get("state", "visible")))
        if not found:
            raise Unreadable("There is no sheet in this workbook.")
        return found


def relations_part(part: str) -> str:
    """Return where a part's relations lie."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def local(name: str) -> str:
    """Return the name of an element without its prefix."""
    return name.rpartition(":")[2]


def parser() -> expat.XMLParserType:
    """Return a parser that knows no entities and no document types."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_args: object) -> None:
        raise Unreadable("It defines entities of its own, which no spreadsheet needs, so it wasn’t opened.")

    made.StartDoctypeDeclHandler = refuse
    return made


def elements(content: bytes) -> list[tuple[str, Attributes]]:
    """Return (name without prefix, attributes) of every element, in order. Raises `Unreadable`."""
    found: list[tuple[str, Attributes]] = []
    reading = parser()
    reading.StartElementHandler = lambda name, its: found.append((local(name), its))
    parse(reading, content)
    return found


def parse(reading: expat.XMLParserType, content: bytes) -> None:
    """Parse a part. Raises `Unreadable`, for too large a one before it is parsed."""
    if content.count(b"<") > MOST_TAGS:
        raise Unreadable("A part of it is larger than any template: it wasn’t opened.")
    try:
        reading.Parse(content, True)
    except expat.ExpatError as why:
        raise Unreadable(DAMAGED) from why


def _as_utf8(content: bytes) -> bytes:
    """Every part that is changed is changed in UTF-8; the few that are written in UTF-16 are turned."""
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content
    text = content.decode("utf-16", "replace")
    _declaration, end, rest = text.partition("?>")
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + rest if end else text).encode()


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(info.filename, info.date_time)
    made.compress_type, made.external_attr = info.compress_type, info.external_attr
    return made
