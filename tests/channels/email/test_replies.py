"""What a person newly wrote, apart from what they quote."""

import time

import pytest

from baton.channels.email.replies import split_reply

# email_reply_trimmer's own idea of one mail (a forward alone counts as the reply) is not ours; the other 63 agree.
FEWEST_RIGHT_OF_64 = 63


def unbroken(text: str) -> str:
    return " ".join(text.split())


def test_the_replies_of_many_clients_and_languages_are_separated_from_what_they_quote(archive):
    members = archive("reply-email_reply_trimmer")
    names = [name.removeprefix("emails/") for name in members if name.startswith("emails/")]

    right = [
        name
        for name in names
        if unbroken(split_reply(members[f"emails/{name}"].decode().replace("\r\n", "\n")).shown)
        == unbroken(members[f"trimmed/{name}"].decode())
    ]

    assert len(names) == 64
    assert len(right) >= FEWEST_RIGHT_OF_64


@pytest.mark.parametrize(
    "history",
    [
        "Dana 5. ožujka 2025. u 10:15 Ivan Horvat <ivan@tvrtka.hr> napisao je:\n\n> Kada?",
        "sri, 5. ožu 2025. u 10:15 Ana Kovač <ana@tvrtka.hr> napisala je:\n> Kada?",
        (
            "Od: Ivan Horvat <ivan@tvrtka.hr>\nPoslano: srijeda, 5. ožujka 2025. 10:15\nPrima: Ana\nPredmet: "
            "Ponuda\n\nKada?"
        ),
        "-----Izvorna poruka-----\nOd: Ivan\n\nKada?",
        "Am 05.03.2025 um 10:15 schrieb Jens Weber <jens@firma.de>:\n> Wann?",
        "Von: Jens Weber <jens@firma.de>\nGesendet: Mittwoch, 5. März 2025 10:15\nAn: Ana\nBetreff: Angebot\n\nWann?",
        "________________________________\nFrom: Jane <jane@x.com>\nSent: Wednesday\nTo: Ana\nSubject: When?\n\nWhen?",
        "Ina Rangel\n10/16/2000 11:03 AM\nTo: John Arnold/HOU/ECT@ECT\ncc:  \nSubject: John Arnold's PC\n\nWhen?",
        (
            "slafontaine@globalp.com on 10/15/2000 09:26:31 PM\nTo: John.Arnold@enron.com\ncc:  \nSubject: Re: "
            "mkts\n\nwhat?"
        ),
    ],
)
def test_the_history_below_a_reply_is_cut_in_croatian_german_english_and_lotus_notes(history):
    reply = split_reply(f"Friday at ten suits us.\n\n{history}\n")

    assert reply.own == "Friday at ten suits us."
    assert unbroken(reply.quoted) == unbroken(history)


def test_answers_between_quotes_are_own_and_the_quotes_are_not():
    reply = split_reply(
        "On Mon, 3 Mar 2025, Jane wrote:\n> When can you start?\n\nOn Monday.\n\n> And the price?\n\n12,000 as "
        "agreed.\n"
    )

    assert (
        reply.own.split("\n\n") == ["On Monday.", "", "12,000 as agreed."]
        or unbroken(reply.own) == "On Monday. 12,000 as agreed."
    )
    assert "And the price?" not in reply.own
    assert "And the price?" in reply.shown


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAna Kovač\n+385 1 555 0101",
        "--\nAna Kovač\nHarbour & Lime",
        "Sent from my iPhone",
        "Von meinem Mobilgerät gesendet",
        "Poslano s mog iPhonea",
    ],
)
def test_a_signature_is_no_part_of_what_was_written(signature):
    reply = split_reply(f"We start on Monday.\n\n{signature}\n")

    assert reply.own == "We start on Monday."
    assert reply.signature.strip("- \n") == signature.strip("- \n")


def test_contact_details_below_the_closing_are_the_signature_and_the_name_stays():
    reply = split_reply(
        "We start on Monday.\n\nMit freundlichen Grüßen\nJens Weber\nBauleiter\nTel. +49 30 1234567\nwww.firma.de\n"
    )

    assert reply.own == "We start on Monday.\n\nMit freundlichen Grüßen\nJens Weber"
    assert reply.signature == "Jens Weber\nBauleiter\nTel. +49 30 1234567\nwww.firma.de"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote to them: nothing came back.",
        "I wrote down three things:\n\n- keys\n- alarm\n- lift",
        "From: here we go on\nto the next floor.",
        "The tenant wrote that the lift is stuck again.",
    ],
)
def test_sentences_that_look_a_little_like_history_stay(text):
    assert split_reply(text).own == text


@pytest.mark.parametrize(
    "line",
    [
        "> " * 50 + "x\n",
        "On " * 20 + "\n",
        "From: a\nTo: b\n",
        "-" * 200 + "\n",
        "a wrote\n",
        "1/1/2000 1:00 PM\nTo: x\nSubject: y\n",
    ],
)
def test_long_texts_made_to_be_slow_are_read_quickly(line):
    text = line * (200_000 // len(line))
    started = time.process_time()

    split_reply(text)

    assert time.process_time() - started < 2
