"""Papers of the demonstration: one-page PDFs and small pictures, made of a few lines each."""

from __future__ import annotations

import struct
import zlib

KINDS = {"pdf": "application/pdf", "png": "image/png", "ics": "text/calendar"}


def paper(name: str, lines: list[str]) -> tuple[bytes, str]:
    """Return the bytes and the content type of a file of this name, with these lines on it."""
    ending = name.rpartition(".")[2].lower()
    content = picture(zlib.crc32(name.encode())) if ending == "png" else pdf(lines)
    return content, KINDS.get(ending, "application/octet-stream")


def pdf(lines: list[str]) -> bytes:
    """Return a page of A4 with these lines in Helvetica (ISO 32000-1, 7.5)."""
    shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _with_places(objects)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _with_places(objects: list[bytes]) -> bytes:
    """Number the objects and add the table that says where each begins."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + head + table + tail


def picture(seed: int, side: int = 48) -> bytes:
    """Return a small picture in PNG, a plain floor with a darker skirting (W3C PNG, 5)."""
    floor = bytes((140 + seed % 90, 140 + seed // 7 % 80, 130 + seed // 11 % 70))
    wall = bytes(part // 2 for part in floor)
    rows = b"".join(b"\x00" + (wall if row < side // 4 else floor) * side for row in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
