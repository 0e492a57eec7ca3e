"""The message inside a forward, whichever program forwarded it."""

import json
import re

import pytest

from baton.channels.email.forwards import read_forward
from baton.channels.email.message import Address
from baton.channels.email.reading import read_mail


def unbroken(text: str) -> str:
    return " ".join(text.split())


def subject_for(name: str, members: dict[str, bytes]) -> str | None:
    client, language = re.fullmatch(r"(.*?)(?:_([a-z]{2}))?_body(?:_variant_\d)?\.txt", name).groups()
    for each in (f"{client}_{language}_subject.txt", f"{client}_subject.txt"):
        if each in members:
            return members[each].decode()
    return None


def test_every_client_and_language_is_read_as_expected(archive, shared):
    expected = json.loads((shared / "email" / "fixtures" / "forwards-expected.json").read_text())
    members = archive("forwards-by-client-and-language")
    bodies = sorted(name for name in members if "_body" in name)

    wrong = [name for name in bodies if problems(name, members, expected)]

    assert (len(bodies), wrong) == (74, [])


def problems(name: str, members: dict[str, bytes], expected: dict) -> list[str]:
    text = members[name].decode().replace("\r\n", "\n")
    found = read_forward(text, subject_for(name, members))
    if found is None:
        return ["not found"]
    comment = expected["comment_above_forward_when_present"] if name.endswith("_variant_2.txt") else ""
    sender = Address(expected["from"]["name"], expected["from"]["address"])
    wanted = {"from_": sender, "text": unbroken(expected["body"]), "comment": unbroken(comment)}
    got = {"from_": found.from_, "text": unbroken(found.text), "comment": unbroken(found.comment)}
    if not name.startswith("outlook_2019"):  # it writes neither subject nor recipients into the forward
        to = ["bessie.berry@acme.com", *(["suzanne@globex.corp"] if "_variant_" in name else [])]
        cc = [Address(each["name"], each["address"]) for each in expected["cc"]] if "Walter" in text else []
        wanted |= {"subject": expected["subject"], "to": [Address("", each) for each in to], "cc": cc}
        got |= {"subject": found.subject, "to": list(found.to), "cc": list(found.cc)}
    return [key for key in wanted if wanted[key] != got[key]] + ([] if found.date_raw else ["date"])


def test_a_subject_alone_makes_no_forward():
    assert read_forward("Please see the plan I sent you on Monday.\n\nAna", "Fwd: Plan") is None


OUTLOOK_BLOCK = "Fine by me.\n\nFrom: Jane <jane@x.com>\nSent: Monday\nTo: Ana\nSubject: When?\n\nWhen?"


def test_the_history_of_a_reply_is_no_forward():
    assert read_forward(OUTLOOK_BLOCK, "Re: When?") is None
    assert read_forward(OUTLOOK_BLOCK, "When?", answers=True) is None


def test_the_same_block_under_a_forwards_subject_is_one():
    found = read_forward(OUTLOOK_BLOCK, "FW: When?")

    assert (found.from_, found.subject, found.text, found.comment) == (
        Address("Jane", "jane@x.com"),
        "When?",
        "When?",
        "Fine by me.",
    )


def test_a_lotus_notes_forward_is_read_with_its_sender_and_local_time(enron):
    message = next(read_mail(each.raw) for each in enron("arnold-j") if each.name.endswith("2000_conference/3_"))
    (found,) = message.forwarded

    assert (found.from_.name, found.date_raw, found.subject) == (
        "Shweta Sawhney",
        "12/04/2000 10:54 AM",
        "Quotes for the CD's.",
    )
    assert (message.own_text.split()[0], message.own_text.split()[-1]) == ("Jennifer,", "Colleen")


def test_earlier_messages_are_listed_with_who_and_when(enron):
    message = next(read_mail(each.raw) for each in enron("arnold-j") if each.name.endswith("/_sent_mail/107_"))

    first = message.quoted_before[0]

    assert message.own_text == "how about 4:00?"
    assert (first.from_.name, first.date_raw, first.subject) == (
        "Ina Rangel",
        "10/16/2000 11:03 AM",
        "John Arnold's PC",
    )


def test_a_croatian_forward_is_read():
    found = read_forward(
        "Možeš li preuzeti?\n\n---------- Proslijeđena poruka ---------\nOd: Ivan Horvat "
        "<ivan@tvrtka.hr>\nDatum: sri, 5. ožu 2025.\n"
        "Predmet: Ponuda\nPrima: <ana@firma.hr>\n\nKada možete doći?",
        "Fwd: Ponuda",
    )

    assert (found.from_.email, found.text, found.comment) == (
        "ivan@tvrtka.hr",
        "Kada možete doći?",
        "Možeš li preuzeti?",
    )


@pytest.mark.parametrize("subject", ["", "Re: x"])
def test_words_that_say_forwarded_count_whatever_the_subject(subject):
    text = "--- Forwarded message ---\nFrom: Jane <jane@x.com>\nDate: Monday\nSubject: Leak\nTo: ana@x.com\n\nWater!"

    assert read_forward(text, subject).from_.email == "jane@x.com"
