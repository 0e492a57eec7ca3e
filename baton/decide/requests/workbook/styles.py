"""How cells are shown: which of them hold days, shares or amounts, which are locked; and a style added at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from baton.decide.requests.workbook.package import Attributes, local, parse, parser

SHORT_DAY = 14
"""The number of the built-in format for a day, shown as whoever opens the file is used to (ECMA-376, 18.8.30)."""
_DAYS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
_TIMES = frozenset([*range(18, 22), *range(45, 48)])
_SHARES = frozenset([9, 10])
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DAY_LETTERS = re.compile(r"[dy]|m(?!m?:)", re.IGNORECASE)


@dataclass(slots=True)
class Styles:
    """The formats of a workbook, by the number that cells name: `day`, `share`, `text` or `number`."""

    kinds: list[str] = field(default_factory=list)
    locked: list[bool] = field(default_factory=list)

    def kind(self, style: int) -> str:
        """Return what a cell of this style shows."""
        return self.kinds[style] if 0 <= style < len(self.kinds) else "number"

    def is_locked(self, style: int) -> bool:
        """Whether a protected sheet lets nobody type into a cell of this style."""
        return self.locked[style] if 0 <= style < len(self.locked) else True


def read_styles(content: bytes) -> Styles:
    """Return the formats that `cellXfs` lists. Raises `Unreadable`."""
    reading = _Reading()
    walker = parser()
    walker.StartElementHandler, walker.EndElementHandler = reading.start, reading.stop
    parse(walker, content)
    return reading.styles


class _Reading:
    def __init__(self) -> None:
        self.styles = Styles()
        self.codes: dict[int, str] = {}
        self.listed = False

    def start(self, name: str, its: Attributes) -> None:
        name = local(name)
        if name == "numFmt":
            self.codes[int(its.get("numFmtId", "0"))] = its.get("formatCode", "")
        elif name == "cellXfs":
            self.listed = True
        elif name == "xf" and self.listed:
            number = int(its.get("numFmtId", "0"))
            self.styles.kinds.append(_kind(number, self.codes.get(number, "")))
            self.styles.locked.append(True)
        elif name == "protection" and self.listed and self.styles.locked:
            self.styles.locked[-1] = its.get("locked", "1") not in {"0", "false"}

    def stop(self, name: str) -> None:
        if local(name) == "cellXfs":
            self.listed = False


def _kind(number: int, code: str) -> str:
    if number in _DAYS:
        return "day"
    if number in _SHARES:
        return "share"
    if number in _TIMES:
        return "time"
    if number == 49 or code == "@":
        return "text"
    bare = _QUOTED.sub("", code.partition(";")[0])
    if "%" in bare:
        return "share"
    if "0" in bare or "#" in bare:
        return "number"
    return "day" if _DAY_LETTERS.search(bare) and bare.lower() != "general" else "number"


class MoreStyles:
    """Adds styles to the end of `cellXfs`: the style of a cell, but showing a day. Nothing that is there changes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.made: dict[int, int] = {}
        found = re.search(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</\1cellXfs>", content, re.DOTALL)
        self.listed = found
        self.prefix = found[1].decode() if found else ""
        each = rf"<{self.prefix}xf\b[^>]*?(?:/>|>.*?</{self.prefix}xf>)".encode()
        self.xfs: list[bytes] = re.findall(each, found[2], re.DOTALL) if found else []

    def as_day(self, style: int) -> int:
        """Return the number of a style like this one that shows days; the same where there is no list of styles."""
        if not self.xfs:
            return style
        if style not in self.made:
            self.made[style] = len(self.xfs)
            self.xfs.append(_with_format(self.xfs[style if style < len(self.xfs) else 0], SHORT_DAY))
        return self.made[style]

    def rewritten(self) -> bytes | None:
        """Return the part with what was added, None where nothing was."""
        if not self.made or self.listed is None:
            return None
        added = b"".join(self.xfs[-len(self.made) :])
        head = self.content[: self.listed.start(2)]
        begin = self.listed.start()
        head = head[:begin] + re.sub(rb'count="\d+"', b'count="%d"' % len(self.xfs), head[begin:])
        return head + self.listed[2] + added + self.content[self.listed.end(2) :]


def _with_format(xf: bytes, number: int) -> bytes:
    tag, end, rest = xf.partition(b">")
    tag = re.sub(rb'\s(?:numFmtId|applyNumberFormat)="[^"]*"', b"", tag)
    closing = b"/" if tag.endswith(b"/") else b""
    return tag.removesuffix(b"/") + b' numFmtId="%d" applyNumberFormat="1"' % number + closing + end + rest
