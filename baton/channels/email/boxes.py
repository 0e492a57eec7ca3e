"""Mailboxes as people have them, one raw message at a time.

A message file, an mbox, a maildir, any folder of messages, and archives of those. Nothing is read as a whole that may
be large, what unpacks is counted as it unpacks, and what can't be read is named with a sentence instead of dropped.
"""

import bz2
import gzip
import io
import lzma
import os
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MBOX_START = re.compile(rb"From (?:- |\S*.{0,80}\b\d{1,2}:\d{2}(?::\d{2})?\b.{0,20}\b\d{4}\b)")
QUOTED_FROM = re.compile(rb">+From ")
MESSAGE_ENDINGS = (".eml", ".emlx", ".msg.txt")
OTHER_FORMATS = {b"\xd0\xcf\x11\xe0": "an Outlook .msg file", b"!BDN": "an Outlook .pst file", b"%PDF": "a PDF"}
NOT_MAIL = re.compile(
    r"(?:^|/)(?:\.[^/]*|__MACOSX/.*|dovecot[^/]*|maildirsize|maildirfolder|subscriptions|courierimap[^/]*|"
    r"Thumbs\.db|[^/]*\.msf)$"
)
LONGEST_LINE = 1024 * 1024
TAR_HEADER_ALLOWANCE = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and numbers past which a mailbox is refused in part, with a sentence."""

    message: int = 50 * 1024 * 1024
    unpacked: int = 4 * 1024**3
    entries: int = 200_000
    nesting: int = 1


@dataclass(frozen=True, slots=True)
class MailFile:
    """One message of a mailbox: its bytes, or the problem that kept them away. `name` is the place inside the box."""

    name: str
    raw: bytes | None = field(repr=False)
    problem: str = ""


def mailbox(
    source: str | os.PathLike | BinaryIO, name: str = "", *, limits: Limits | None = None
) -> Iterator[MailFile]:
    """The messages of a file, a folder or an open binary file, in the order of their names.

    An open file needs its `name` and has to be seekable where it is a .zip.
    """
    box = _Box(limits or Limits())
    if not isinstance(source, (str, os.PathLike)):
        yield from box.stream(name or "message", io.BufferedReader(_Borrowed(source)), 0)
        return
    path = Path(source)
    if path.is_dir():
        yield from box.folder(path)
    else:
        yield from box.file(name or path.name, path)


class _Box:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = 0
        self.entries = 0

    # ---- files and folders -----------------------------------------------------------------------------------------

    def folder(self, root: Path) -> Iterator[MailFile]:
        for place, folders, files in os.walk(root):
            is_maildir = "cur" in folders
            folders[:] = sorted(each for each in folders if not (is_maildir and each == "tmp"))
            for each in sorted(files, key=_natural):
                path = Path(place, each)
                name = path.relative_to(root).as_posix()
                if path.is_file() and not path.is_symlink() and not NOT_MAIL.search(name):
                    yield from self.file(name, path)

    def file(self, name: str, path: Path) -> Iterator[MailFile]:
        try:
            with path.open("rb") as stream:
                yield from self.stream(name, stream, 0)
        except OSError as why:
            yield MailFile(name, None, f"The file can't be opened ({why.strerror or type(why).__name__}).")

    def stream(self, name: str, stream: io.BufferedReader, nesting: int) -> Iterator[MailFile]:
        """Whatever the first bytes and the ending say that it is."""
        start = stream.peek(600)[:600]
        reader = self.archive_reader(name, start)
        if reader is not None and nesting > self.limits.nesting:
            yield MailFile(name, None, "An archive inside an archive inside an archive isn't opened.")
        elif reader is not None:
            yield from reader(name, stream, nesting)
        elif start.startswith(b"From ") and not name.lower().endswith(MESSAGE_ENDINGS):
            yield from self.mbox(name, stream)
        else:
            yield self.message(name, stream)

    def archive_reader(self, name: str, start: bytes) -> Callable | None:
        lowered = name.lower()
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return self.zip
        for magic, ending, opener in (
            (b"\xfd7zXZ\x00", ".xz", lzma.open),
            (b"\x1f\x8b", ".gz", gzip.open),
            (b"BZh", ".bz2", bz2.open),
        ):
            if start.startswith(magic):
                is_tar = ".tar" in lowered or lowered.endswith((".tgz", ".txz", ".tbz2"))
                stem = name[: -len(ending)] if lowered.endswith(ending) else name
                return self.packed_tar(opener) if is_tar else self.packed_file(opener, stem)
        return self.tar if start[257:262] == b"ustar" else None

    def message(self, name: str, stream: BinaryIO) -> MailFile:
        raw = stream.read(self.limits.message + 1)
        if len(raw) > self.limits.message:
            return MailFile(name, None, self.too_large())
        other = OTHER_FORMATS.get(raw[:4])
        return MailFile(name, None, f"This is {other}, not a mail message.") if other else MailFile(name, raw)

    def too_large(self) -> str:
        return f"The message is larger than {self.limits.message // (1024 * 1024)} MB."

    # ---- mbox ------------------------------------------------------------------------------------------------------

    def mbox(self, name: str, stream: BinaryIO) -> Iterator[MailFile]:
        """Cut at `From ` lines after a blank line; `>From ` loses one sign (mboxrd, which mboxo reads alike)."""
        number, message, after_blank = 0, None, True
        while line := stream.readline(LONGEST_LINE):
            if after_blank and line.startswith(b"From ") and (message is None or MBOX_START.match(line)):
                if message is not None:
                    yield self.cut(name, number, message)
                number, message = number + 1, _Gathered()
            elif message is not None:
                message.add(line[1:] if QUOTED_FROM.match(line) else line, self.limits.message)
            after_blank = line in (b"\n", b"\r\n")
        if message is not None:
            yield self.cut(name, number, message)

    def cut(self, name: str, number: int, message: "_Gathered") -> MailFile:
        inside = f"{name}:{number}"
        return MailFile(inside, None, self.too_large()) if message.is_over else MailFile(inside, message.whole())

    # ---- archives --------------------------------------------------------------------------------------------------

    def zip(self, name: str, stream: BinaryIO, nesting: int) -> Iterator[MailFile]:
        if nesting or not stream.seekable():
            raw = stream.read(self.limits.message + 1)
            if len(raw) > self.limits.message:
                yield MailFile(
                    name, None, f"An archive inside an archive may have {self.limits.message // (1024 * 1024)} MB."
                )
                return
            stream = io.BytesIO(raw)
        try:
            with zipfile.ZipFile(stream) as archive:
                for entry in archive.infolist():
                    if entry.is_dir() or NOT_MAIL.search(entry.filename):
                        continue
                    inside = f"{name}/{entry.filename}" if nesting else entry.filename
                    problem = self.refuse(entry.filename, encrypted=bool(entry.flag_bits & 1))
                    if problem:
                        yield MailFile(_printable(inside), None, problem)
                        if self.is_full():
                            return
                        continue
                    yield from self.zip_entry(archive, entry, inside, nesting)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError) as why:
            yield MailFile(name, None, f"The .zip file is damaged ({type(why).__name__}).")

    def zip_entry(
        self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, inside: str, nesting: int
    ) -> Iterator[MailFile]:
        try:
            with closing(_Counted(archive.open(entry), self)) as stream:
                yield from self.stream(inside, io.BufferedReader(stream), nesting + 1)
        except _TooMuch as why:
            yield MailFile(inside, None, str(why))
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as why:
            yield MailFile(inside, None, f"This file in the archive can't be unpacked ({type(why).__name__}).")

    def packed_tar(self, opener: Callable) -> Callable:
        def read(name: str, stream: BinaryIO, nesting: int) -> Iterator[MailFile]:
            with opener(stream) as unpacked:
                yield from self.tar(name, unpacked, nesting)

        return read

    def packed_file(self, opener: Callable, stem: str) -> Callable:
        def read(name: str, stream: BinaryIO, nesting: int) -> Iterator[MailFile]:
            try:
                with opener(stream) as unpacked:
                    yield from self.stream(stem, io.BufferedReader(_Counted(unpacked, self)), nesting + 1)
            except _TooMuch as why:
                yield MailFile(name, None, str(why))
            except (OSError, EOFError, zlib.error, lzma.LZMAError) as why:
                yield MailFile(name, None, f"The packed file is damaged ({type(why).__name__}).")

        return read

    def tar(self, name: str, stream: BinaryIO, nesting: int) -> Iterator[MailFile]:
        counted = _Counted(stream, self)
        try:
            counted.allowance = TAR_HEADER_ALLOWANCE
            with tarfile.open(fileobj=counted, mode="r|") as archive:
                for entry in archive:
                    yield from self.tar_entry(
                        archive, entry, f"{name}/{entry.name}" if nesting else entry.name, nesting, counted
                    )
                    if self.is_full():
                        return
                    counted.allowance = TAR_HEADER_ALLOWANCE
                    archive.members.clear()  # tarfile would keep every header it has seen
        except _TooMuch as why:
            yield MailFile(name, None, str(why))
        except (tarfile.TarError, OSError, EOFError, zlib.error, lzma.LZMAError, ValueError) as why:
            yield MailFile(name, None, f"The archive is damaged ({type(why).__name__}).")

    def tar_entry(self, archive, entry, inside: str, nesting: int, counted: "_Counted") -> Iterator[MailFile]:
        if not entry.isfile() or NOT_MAIL.search(entry.name):
            counted.allowance = entry.size + TAR_HEADER_ALLOWANCE
            return
        problem = self.refuse(entry.name)
        if not problem and self.unpacked + entry.size > self.limits.unpacked:
            self.unpacked = self.limits.unpacked + 1
            problem = self.too_much()
        counted.allowance = entry.size + TAR_HEADER_ALLOWANCE
        if problem:
            yield MailFile(_printable(inside), None, problem)
            return
        yield from self.stream(inside, _peekable(archive.extractfile(entry)), nesting + 1)

    def refuse(self, name: str, *, encrypted: bool = False) -> str:
        """Why an entry isn't opened, or nothing."""
        self.entries += 1
        if self.entries > self.limits.entries:
            return f"The archive holds more than {self.limits.entries:,} files; the rest was left out."
        if encrypted:
            return "The file is encrypted; unpack it first."
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or "\x00" in name:
            return "The file's name points outside the archive; it was left out."
        return ""

    def too_much(self) -> str:
        return f"The archive unpacks to more than {self.limits.unpacked // (1024 * 1024):,} MB; the rest was left out."

    def is_full(self) -> bool:
        return self.entries > self.limits.entries or self.unpacked > self.limits.unpacked


class _TooMuch(Exception):
    """More came out of an archive than is taken; `str()` is the sentence."""


class _Counted(io.RawIOBase):
    """A stream that counts what is read through it, for the whole box and for one step."""

    def __init__(self, stream: BinaryIO, box: _Box) -> None:
        self._stream = stream
        self._box = box
        self.allowance: int | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(64 * 1024 if size is None or size < 0 else min(size, 1024 * 1024))
        self._box.unpacked += len(data)
        if self._box.unpacked > self._box.limits.unpacked:
            raise _TooMuch(self._box.too_much())
        if self.allowance is not None:
            self.allowance -= len(data)
            if self.allowance < 0:
                raise _TooMuch("The archive's table of contents is larger than its files; the rest was left out.")
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Borrowed(io.RawIOBase):
    """A caller's stream, which stays open when this one is closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(position, whence)

    def readinto(self, buffer) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Gathered:
    """The lines of one message of an mbox, given up once they are too many."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._size = 0
        self.is_over = False

    def add(self, line: bytes, most: int) -> None:
        self._size += len(line)
        if self._size > most:
            self.is_over = True
            self._lines.clear()
        else:
            self._lines.append(line)

    def whole(self) -> bytes:
        """Without the blank line that stands before the next message."""
        raw = b"".join(self._lines)
        if raw.endswith(b"\r\n\r\n"):
            return raw[:-2]
        return raw[:-1] if raw.endswith(b"\n\n") else raw


def _peekable(stream: BinaryIO) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Borrowed(stream))


def _natural(name: str) -> tuple:
    """`2.` before `10.`, as a person would sort them."""
    return tuple(
        (0, int(each), "") if each.isdecimal() else (1, 0, each) for each in re.split(r"(\d{1,15})", name) if each
    )


def _printable(name: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in name)[:500]
