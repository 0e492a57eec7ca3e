"""A fire drill by mail: forwarded by a member whom Baton knows, answered to that member alone."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core import mail

from baton.capture import outbox
from baton.capture.models import Delivery
from baton.capture.reading import read_waiting
from baton.channels.email.receiving import keep
from baton.channels.requests.arriving import request_address
from baton.channels.requests.working import answer_due
from baton.decide.requests import keeping
from baton.decide.requests.models import Request
from baton.decide.requests.workbook.reading import read_workbook
from baton.ledger.models import Interaction
from tests.cast import HOUR, MONDAY, TUESDAY, Cast
from tests.templates import workbook

ROWS = [["Rep", "Open pipeline Nov", "Target"], ["Ana", "", ""], ["Bram", "", ""]]
SECOND = timedelta(seconds=1)


@pytest.fixture
def cast(db, settings, tmp_path) -> Cast:
    settings.FILES_DIR, settings.BATON_URL = tmp_path, "https://baton.lime.example"
    cast = Cast()
    cast.deal("Quayside", "visited", amount={"minor": 100_000, "currency": "GBP"}, close_date="2026-11-27")
    return cast


def write(text="See below", *, to, sender, subject="FW: Board pack", sheet=b"", at=MONDAY, **headers):
    """Let a mail come in at the receiver, have it read, the request answered, and what is due sent."""
    one = EmailMessage(policy=policy.SMTP)
    one["From"], one["To"], one["Subject"] = sender, to, subject
    one["Message-ID"] = f"<{abs(hash((text, sender, at, sheet)))}@lime.example>"
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    one.set_content(text)
    if sheet:
        one.add_attachment(sheet, maintype="application", subtype="octet-stream", filename="Board pack.xlsx")
    keep(sender, [to], one.as_bytes(), "127.0.0.1", at)
    read_waiting(at)
    answer_due(at + SECOND)
    outbox.send_due(at + 2 * SECOND)
    return Delivery.objects.unscoped("tests").latest("received_at")


def replies():
    return [message_from_bytes(one.raw, policy=policy.default) for one in mail.outbox]


def words(letter) -> str:
    return letter.get_body(("plain",)).get_content()


def test_a_forwarded_sheet_comes_back_filled_and_the_reply_leads_with_the_live_page(cast):
    text = "Can you fill this?\r\n\r\n---------- Forwarded message ----------\r\n"
    text += "From: Chair <chair@board.example>\r\nSubject: Board pack\r\n\r\nI need it by 4pm."
    write(text, to=request_address(cast.tomas), sender="tomas@lime.example", sheet=workbook(("S", ROWS)))

    (letter,) = replies()
    request = Request.objects.get()
    (file,) = letter.iter_attachments()
    assert (letter["To"], letter["Subject"]) == ("Tomas Okafor <tomas@lime.example>", "Re: FW: Board pack")
    assert words(letter).splitlines()[0] == "2 cells are filled; 2 stay empty."
    assert f"https://baton.lime.example/requests/{request.pk}/" in words(letter).partition("What stays empty")[0]
    assert "“Target”: Baton keeps no targets, budgets or plans." in words(letter)
    assert file.get_filename() == "Board pack (Baton).xlsx"
    assert read_workbook(file.get_content()).sheets[0].cells[2, 2].value == 1_000
    assert (request.wanted_by, request.sent_at) == (MONDAY.replace(hour=16), MONDAY + SECOND)
    assert letter["Auto-Submitted"] == "auto-replied"


def test_what_is_asked_of_baton_never_becomes_mail_of_a_customer(cast):
    delivery = write(to=request_address(cast.tomas), sender="tomas@lime.example", sheet=workbook(("S", ROWS)))

    assert delivery.state == Delivery.State.READ
    assert Interaction.objects.unscoped("tests").count() == 0


def test_a_question_in_one_line_is_answered_by_mail(cast):
    write(
        "Hi Baton,\r\nhow many open deals has Ana?\r\nThanks",
        to=request_address(cast.tomas),
        sender="tomas@lime.example",
    )

    (letter,) = replies()
    assert words(letter).splitlines()[0] == "1 deal is open, worth £1,000."


def test_what_is_not_understood_is_refused_honestly(cast):
    write("What is our EBITDA?", to=request_address(cast.tomas), sender="tomas@lime.example")

    assert "costs, margins and profit stand in the books, not in Baton." in words(replies()[0])


@pytest.mark.parametrize("sender", ["chair@board.example", "ana@lime.example"])
def test_whoever_else_writes_to_that_address_gets_no_figure_and_no_answer(cast, sender):
    delivery = write(to=request_address(cast.tomas), sender=sender, sheet=workbook(("S", ROWS)))

    assert (delivery.state, Request.objects.count(), replies()) == (Delivery.State.PARKED, 0, [])
    assert "nobody was answered" in delivery.because


def test_an_address_without_the_secret_is_no_address_of_ours(cast):
    with pytest.raises(LookupError):
        write(to="baton.aaaaaaaaaaaaaaaa@localhost", sender="tomas@lime.example")


def test_a_machine_is_never_answered(cast):
    write(
        to=request_address(cast.tomas),
        sender="tomas@lime.example",
        sheet=workbook(("S", ROWS)),
        Auto_Submitted="auto-replied",
    )

    assert (Request.objects.count(), replies()) == (0, [])


def test_the_same_mail_twice_is_answered_once_and_a_crash_before_the_reply_loses_none(cast):
    told = {"to": request_address(cast.tomas), "sender": "tomas@lime.example", "sheet": workbook(("S", ROWS))}
    write(**told)
    Request.objects.update(sent_at=None, due_at=MONDAY)
    answer_due(MONDAY + HOUR)
    write(**told)

    assert (Request.objects.count(), len(replies())) == (1, 1)
    assert Request.objects.get().due_at is None


def test_whoever_waits_for_an_answer_comes_before_receipts(cast):
    for number in range(3):
        told = {"by": cast.tomas, "at": MONDAY, "raw": workbook(("S", ROWS)), "key": str(number)}
        keeping.answer(keeping.ask(**told), MONDAY)

    write("How many open deals has Ana?", to=request_address(cast.tomas), sender="tomas@lime.example")

    assert (len(replies()), Request.objects.filter(noted=False).count()) == (1, 3)


def test_a_template_that_comes_a_second_time_says_how_the_drill_could_end(cast):
    told = {"to": request_address(cast.tomas), "sender": "tomas@lime.example"}
    write(**told, sheet=workbook(("S", ROWS)))
    later = [["Rep", "Open pipeline Dec", "Target"], ["Bram", "", ""], ["Ana", "", ""]]
    write(**told, sheet=workbook(("S", later)), at=TUESDAY)

    assert "This template has come 2 times." in words(replies()[-1])


def test_figures_are_over_what_the_asker_may_see(db, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    cast = Cast("own")
    cast.deal("Secret", "visited", amount={"minor": 500, "currency": "GBP"}, owner=cast.ana)

    write("How many open deals has Ana?", to=request_address(cast.ben), sender="ben@lime.example")

    assert words(replies()[0]).splitlines()[0].startswith("0 deals are open")
