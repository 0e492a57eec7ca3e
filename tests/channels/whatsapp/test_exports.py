"""Chats as phones export them, in every locale there is: each message once, with its time, its sender and its file."""

import csv
import json
import lzma
from collections import Counter

import pytest

from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.whatsapp.adapter import READ_EXPORT
from baton.channels.whatsapp.exports import read_export, read_lines, title_of


@pytest.fixture(scope="session")
def chats(shared):
    return shared / "whatsapp"


def test_each_head_means_the_moment_that_it_should(chats):
    with (chats / "header_lines_expected.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))

    read = [read_lines(row["line"].replace("\\n", "\n")) for row in rows]

    assert [[line.at.isoformat() for line in lines] for lines in read] == [[row["expected_local_time"]] for row in rows]
    assert len(rows) == 19


@pytest.mark.parametrize(
    ("line", "sender", "text", "file"),
    [
        ('06/03/2017, 00:45 - You created group "Test"', "", 'You created group "Test"', ""),
        ("03/02/17, 18:42 - Luke: ", "Luke", "", ""),
        ("23/06/2018, 01:55 p.m. - Loris: one\ntwo\n2016-04-29 10:30:00", "Loris", "one\ntwo\n2016-04-29 10:30:00", ""),
        ("3/6/18, 1:55 p.m. - a: ‎4f26.jpg (Datei angehängt)\nFrohe Ostern.", "a", "Frohe Ostern.", "4f26.jpg"),
        ("26/01/2020, 4:20 pm - Saurav (TSEC CS, SE): hi: there", "Saurav (TSEC CS, SE)", "hi: there", ""),
        ('26/01/2020, 4:20 pm - Ana changed the subject from "A: B" to "C"', "",
         'Ana changed the subject from "A: B" to "C"', ""),
        ("[2018/6/13 下午9:25:15] 王: 好", "王", "好", ""),
        ("[13.06.18, 21:25:15] ~ Dana: ‎<adjunto: 1.opus>", "Dana", "", "1.opus"),
    ],
)  # fmt: skip
def test_a_line_says_who_what_and_which_file(line, sender, text, file):
    [read] = read_lines(line)

    assert (read.sender, read.text, read.file) == (sender, text, file)


def test_the_large_group_has_exactly_the_messages_that_are_told_of_it(chats):
    text = lzma.decompress((chats / "exports/group-students-en_IN-12h.txt.xz").read_bytes()).decode()

    lines = read_lines(text)

    counts = (len(lines), sum(not line.sender for line in lines), sum(line.omitted for line in lines))
    assert counts == (13_655, 276, 687)
    assert len({line.sender for line in lines if line.sender}) == 154
    assert sum(line.text == "This message was deleted" for line in lines) == 311
    assert lines[1].at < lines[0].at  # the group was made before the member joined it


def test_one_group_read_in_six_locales_is_one_group(chats):
    read = {
        path.stem: read_lines(path.read_text(encoding="utf-8")) for path in sorted(chats.glob("exports/WhatsR/*.txt"))
    }

    assert len(read) == 6
    senders = {name: Counter(line.sender for line in lines) for name, lines in read.items()}
    assert {len(lines) for lines in read.values()} == {50}
    assert {frozenset(each) for each in senders.values()} == {
        frozenset(["", "Alice", "Bob", "Carol", "Dave", "Mallory"])
    }
    assert {name: [line.file for line in lines if line.file] for name, lines in read.items()} == {
        name: ["PTT-20180129-WA0025.opus"] for name in read
    }
    assert {lines[3].at.strftime("%Y-%m-%d %H:%M") for lines in read.values()} == {"2018-01-29 12:24"}


@pytest.mark.parametrize("name", ["test_ddmmyy_24hrs.txt", "test_mmddyyyy_12hrs.txt"])
def test_a_chat_in_either_order_of_dates_is_what_is_expected(chats, name):
    folder = chats / "exports/chat-miner"
    expected = json.loads((folder / "target.json").read_text(encoding="utf-8"))

    lines = [line for line in read_lines((folder / name).read_text(encoding="utf-8")) if line.sender]

    assert [
        {"timestamp": line.at.isoformat(), "author": line.sender, "message": line.text.replace("\n", " ")}
        for line in reversed(lines)
    ] == expected


def test_an_archive_gives_its_chat_and_names_its_files(chats):
    path = next((chats / "exports/ios-zip-with-media").glob("*.zip"))

    export = parse_untrusted(READ_EXPORT, str(path).encode(), name="WhatsApp Chat - Dana.zip")

    named = [line[3] for line in export.lines if line[3]]
    assert (len(export.lines), export.title, sorted(export.files)) == (52, "Dana", sorted(named))
    assert len(named) == 4


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Dana Whitlock", "Dana Whitlock"),
        ("WhatsApp-Chat mit Dana", "Dana"),
        ("Chat de WhatsApp con Dana (1)", "Dana"),
        ("_chat", ""),
        ("sample", ""),
    ],
)
def test_the_name_of_the_file_says_with_whom(name, title):
    assert title_of(name) == title


@pytest.mark.parametrize("content", [b"", b"just a text\nof two lines", b"PK\x03\x04broken", b"\x00\x01" * 500])
def test_what_is_no_chat_is_told(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(Unreadable):
        read_export(str(path).encode(), name="x.zip")
