"""A quote or an invoice that leaves is recognised by what stands in it, and proves its stage; nothing else does."""

import time
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest

from baton.capture.grammar.papers import read_paper
from baton.capture.inbox import side_channel
from baton.channels.email.pdf import text_of_pdf
from baton.ledger.models import Deal, Event
from baton.work.models import Duty
from tests.capture.letters import from_mailbox, letter, recorded, to_desk
from tests.cast import HOUR, MONDAY, Cast, fresh

PAPERS = Path(__file__).parent / "papers"


def carrying(name: str, content: bytes, sender="Ana Horvat <ana@lime.example>", to="dana@marlowe.example", **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, headers.pop("subject", "As promised")
    mail["Date"], mail["Message-ID"] = "Mon, 16 Nov 2026 09:00:00 +0000", "<paper@lime.example>"
    mail.set_content("Here it is.")
    kind = "csv" if name.endswith("csv") else "pdf"
    mail.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return mail.as_bytes()


def shown_on(deal) -> list[tuple[str, str]]:
    """Return what messages showed on a deal, in the words of the map."""
    rows = Event.objects.unscoped("tests").filter(deal=deal.pk, record_kind="interaction")
    return sorted(rows.values_list("kind", "detail"))


@pytest.mark.parametrize(
    ("file", "kind", "number", "net", "dated"),
    [
        ("quote-en.pdf", "quote", "Q-0412", ("GBP", 8_460_000), "2026-11-16"),
        ("rechnung-de.pdf", "invoice", "RE-2026-0117", ("EUR", 237_050), "2026-11-03"),
        ("ponuda-hr.pdf", "quote", "45/2026", ("EUR", 780_000), "2026-11-09"),
    ],
)
def test_a_real_paper_is_read(file, kind, number, net, dated):
    paper = read_paper(text_of_pdf((PAPERS / file).read_bytes()))

    assert (paper.kind, paper.number, paper.dated) == (kind, number, dated)
    assert (paper.net["currency"], paper.net["minor"]) == net


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"%PDF-1.7\n" + b"\xff" * 5000, b"not a pdf", b"%PDF-1.4\n" + b"[" * 100_000],
)
def test_what_is_no_pdf_has_no_words_and_costs_little(content):
    begun = time.monotonic()

    assert text_of_pdf(content) == ""
    assert time.monotonic() - begun < 5


def test_a_pdf_that_unpacks_without_end_is_given_up():
    packed = zlib.compress(b"BT (x) Tj ET " * 8_000_000, 9)
    bomb = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    bomb += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode"
    bomb += b"/Length %d>>stream\n" % len(packed) + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    begun = time.monotonic()

    text_of_pdf(bomb)

    assert time.monotonic() - begun < 6


@pytest.mark.django_db
class TestOnADeal:
    """The mail that carries it, through the whole of capture."""

    @pytest.fixture
    def cast(self):
        return Cast()

    @pytest.fixture
    def deal(self, cast) -> Deal:
        return cast.deal(stage="visited", contact=cast.contact(company=cast.company()))

    def test_a_quote_in_a_file_without_a_name_says_its_amount_and_proves_the_stage(self, cast, deal):
        [sent] = from_mailbox(cast.ana, carrying("scan0001.pdf", (PAPERS / "quote-en.pdf").read_bytes()))

        [document] = recorded(sent).parts["documents"]
        assert (document["kind"], document["number"], document["dated"]) == ("quote", "Q-0412", "2026-11-16")
        assert fresh(deal).amount == 8_460_000
        assert shown_on(deal) == [("document.out", "quote"), ("interaction.out", "email")]

    def test_from_whom_nobody_vouches_it_proves_and_confirms_nothing(self, cast, deal):
        to_desk(carrying("quote.pdf", (PAPERS / "quote-en.pdf").read_bytes()))

        assert (fresh(deal).amount, shown_on(deal)) == (None, [])

    def test_a_customer_s_own_quote_is_not_looked_into(self, cast, deal):
        paper = (PAPERS / "quote-en.pdf").read_bytes()
        [came] = from_mailbox(cast.ana, carrying("scan.pdf", paper, "Dana <dana@marlowe.example>", "ana@lime.example"))

        assert "documents" not in recorded(came).parts

    def test_an_automatic_mail_neither_closes_a_duty_nor_proves_a_stage(self, cast, deal):
        from_mailbox(cast.ana, letter(text="When can you come?"))
        quote = carrying("Quote Q-1.pdf", b"%PDF-1.4 x").replace(b"\n\n", b"\nAuto-Submitted: auto-replied\n\n", 1)

        from_mailbox(cast.ana, quote, at=MONDAY + HOUR)

        assert [one.state for one in Duty.objects.unscoped("tests").filter(behavior="answer-enquiry")] == ["open"]
        assert shown_on(deal) == [("interaction.in", "email")]

    @pytest.mark.parametrize(
        ("told", "opened"),
        [
            ({"text": "Thank you so much!\n\nBest regards\nDana"}, 0),
            ({"text": "Thank you! When do you start?"}, 1),
            ({"text": "Thank you!", "files": ("signed.pdf",)}, 1),
            ({"text": "When do you start?", "to": "eve@marlowe.example", "cc": "ana@lime.example"}, 0),
            ({"text": "I am away.", "auto_submitted": "auto-replied"}, 0),
        ],
    )
    def test_thanks_copies_and_machines_open_no_duty(self, cast, deal, told, opened):
        from_mailbox(cast.ana, letter(**told))

        assert Duty.objects.unscoped("tests").filter(behavior="answer-enquiry", state="open").count() == opened

    def test_a_colleague_who_sends_the_pipeline_around_is_noticed(self, cast, deal):
        sheet = b"Deal,Stage,Amount,Owner\nQuayside,Quoted,84600,Ana\n"
        [came] = from_mailbox(cast.ana, carrying("week47.csv", sheet, "Bram <bram@lime.example>", "ana@lime.example"))

        found = side_channel(cast.ana, MONDAY + HOUR)

        assert [row.pk for row in found] == [recorded(came).pk]
        assert found[0].parts["side_channel"][0]["columns"] == ["Deal", "Stage", "Amount", "Owner"]
        assert side_channel(cast.ben, MONDAY + HOUR) == []
