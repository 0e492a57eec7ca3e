"""Mailboxes as people have them."""

import gzip
import io
import tarfile
import zipfile

import pytest

from baton.channels.email.boxes import Limits, mailbox

ONE, TWO = b"From: a@x.com\n\none\n", b"From: b@x.com\n\ntwo\n"
LINE = b"From a@x.com Mon Jan  1 00:00:00 2001\n"


def zipped(**members: bytes) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def tarred(**members: bytes) -> io.BytesIO:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    packed.seek(0)
    return packed


@pytest.mark.parametrize(("box", "count"), [("arnold-j", 4769), ("arora-h", 642), ("stokley-c-settlements", 237)])
def test_the_enron_archives_hold_their_counts(enron, box, count):
    messages = enron(box)

    assert (len(messages), [each for each in messages if each.problem]) == (count, [])


def test_a_single_message_is_a_box_of_one(tmp_path):
    (tmp_path / "letter.eml").write_bytes(ONE)
    (tmp_path / "letter").write_bytes(TWO)

    assert [each.raw for name in ("letter.eml", "letter") for each in mailbox(tmp_path / name)] == [ONE, TWO]


def test_an_mbox_is_cut_at_its_from_lines_and_quoted_ones_are_put_right():
    box = LINE + ONE + b"From here on\n>From there\n>>From far\n\n" + LINE + TWO

    messages = list(mailbox(io.BytesIO(box), "box.mbox"))

    assert [(each.name, each.raw) for each in messages] == [
        ("box.mbox:1", ONE + b"From here on\nFrom there\n>From far\n"),
        ("box.mbox:2", TWO),
    ]


def test_a_sentence_that_begins_with_from_after_a_blank_line_cuts_nothing():
    box = LINE + b"From: a@x.com\n\nHello\n\nFrom 10 May we start at 8:00.\n"

    assert len(list(mailbox(io.BytesIO(box), "box"))) == 1


def test_a_maildir_with_subfolders_is_read_without_its_own_files(tmp_path):
    for place, content in {
        "cur/1:2,S": ONE,
        "new/2": TWO,
        "tmp/3": ONE,
        ".Sent/cur/4:2,S": TWO,
        "dovecot.index": b"x",
        ".Sent/maildirfolder": b"",
    }.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    assert sorted(each.name for each in mailbox(tmp_path)) == [".Sent/cur/4:2,S", "cur/1:2,S", "new/2"]


def test_a_folder_of_numbered_messages_is_read_in_their_order(tmp_path):
    for name in ("10.", "2.", "1_"):
        (tmp_path / name).write_bytes(ONE)

    assert [each.name for each in mailbox(tmp_path)] == ["1_", "2.", "10."]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_holds_messages_mailboxes_and_one_more_archive(pack):
    inner = zipped(**{"in.eml": TWO, "deep.zip": zipped(x=ONE).getvalue()}).getvalue()

    found = list(
        mailbox(
            pack(**{"a.eml": ONE, "b.mbox": LINE + ONE + b"\n" + LINE + TWO, "c.zip": inner}),
            "box.zip" if pack is zipped else "box.tar.xz",
        )
    )

    assert [(each.name, each.raw) for each in found] == [
        ("a.eml", ONE),
        ("b.mbox:1", ONE),
        ("b.mbox:2", TWO),
        ("c.zip/in.eml", TWO),
        ("c.zip/deep.zip", None),
    ]
    assert found[-1].problem == "An archive inside an archive inside an archive isn't opened."


def test_a_packed_message_is_unpacked():
    assert [(each.name, each.raw) for each in mailbox(io.BytesIO(gzip.compress(ONE)), "letter.eml.gz")] == [
        ("letter.eml", ONE)
    ]


@pytest.mark.parametrize("name", ["../evil.eml", "/etc/evil.eml", "C:evil.eml", "a/../../evil.eml"])
def test_a_name_that_points_outside_is_refused_and_the_rest_is_read(name):
    found = list(mailbox(zipped(**{name: ONE, "good.eml": TWO}), "box.zip"))

    assert [(each.raw, bool(each.problem)) for each in found] == [(None, True), (TWO, False)]


@pytest.mark.parametrize(("pack", "name"), [(zipped, "b.zip"), (tarred, "b.tar.xz")])
def test_a_bomb_is_counted_as_it_unpacks_and_stops(pack, name):
    limits = Limits(message=1_000_000, unpacked=5_000_000)

    found = list(mailbox(pack(**{f"{number}.eml": bytes(3_000_000) for number in range(10)}), name, limits=limits))

    assert {each.raw for each in found} == {None}
    assert any("unpacks to more than" in each.problem for each in found)


def test_too_many_files_are_left_out_with_a_sentence():
    found = list(mailbox(zipped(**{f"{number}.eml": ONE for number in range(10)}), "b.zip", limits=Limits(entries=3)))

    assert [bool(each.raw) for each in found] == [True, True, True, False]
    assert found[-1].problem == "The archive holds more than 3 files; the rest was left out."


def test_an_encrypted_file_is_named():
    packed = bytearray(zipped(**{"a.eml": ONE}).getvalue())
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1

    assert [each.problem for each in mailbox(io.BytesIO(bytes(packed)), "b.zip")] == [
        "The file is encrypted; unpack it first."
    ]


@pytest.mark.parametrize("name", ["b.zip", "b.tar.xz", "b.eml.gz"])
def test_a_damaged_archive_says_so(name):
    whole = {
        "b.zip": zipped(a=ONE * 500),
        "b.tar.xz": tarred(a=ONE * 500),
        "b.eml.gz": io.BytesIO(gzip.compress(ONE * 500)),
    }[name].getvalue()

    found = list(mailbox(io.BytesIO(whole[: len(whole) // 2]), name))

    assert [each.problem for each in found if each.problem] != []


def test_a_message_past_the_limit_is_named_and_the_next_one_is_read():
    box = LINE + b"From: a@x.com\n\n" + b"x" * 70 + b"\n" * 2 + LINE + TWO

    found = list(mailbox(io.BytesIO(box), "b.mbox", limits=Limits(message=60)))

    assert [(each.raw, each.problem != "") for each in found] == [(None, True), (TWO, False)]


def test_an_outlook_file_is_named_for_what_it_is():
    assert [each.problem for each in mailbox(io.BytesIO(b"\xd0\xcf\x11\xe0" + bytes(600)), "x.msg")] == [
        "This is an Outlook .msg file, not a mail message."
    ]


def test_the_callers_file_stays_open():
    opened = zipped(a=ONE)

    list(mailbox(opened, "b.zip"))

    assert opened.closed is False
