"""Outlook's winmail.dat gives up its files."""

import pytest

from baton.channels.email.reading import read_mail
from baton.channels.email.tnef import NotTnef, read_tnef


def test_every_attachment_of_the_samples_is_found_by_name(archive):
    members = archive("tnef")
    for name in (each for each in members if each.endswith(".tnef")):
        found = read_tnef(members[name])
        names = {each.name for each in found.files}
        names |= {
            ending
            for ending, body in (("body.rtf", found.rtf), ("body.html", found.html), ("body.txt", found.text))
            if body
        }

        listed = {
            line.strip()
            for line in members.get(name.replace(".tnef", ".list"), b"").decode().splitlines()
            if line.strip()
        }

        assert listed <= names, name


def test_a_winmail_dat_is_unpacked_in_place(archive):
    packed = archive("tnef")["mimekit/attachments.tnef"]
    raw = (
        b"From: a@x.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + packed + b"\r\n--b--\r\n"
    )
    message = read_mail(raw)

    assert [each.name for each in message.attachments] == ["zappa_av1.jpg", "bookmark.htm"]


@pytest.mark.parametrize("cut", [0, 3, 10, 50, 200, 1000])
def test_a_stream_that_ends_too_soon_gives_what_stands_before(archive, cut):
    whole = archive("tnef")["mimekit/attachments.tnef"]
    if cut < 6:
        with pytest.raises(NotTnef):
            read_tnef(whole[:cut])
    else:
        assert len(read_tnef(whole[:cut]).files) <= 2
