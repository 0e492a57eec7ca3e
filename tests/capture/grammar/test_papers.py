"""What a quote or an invoice says on its face, in three languages, as texts come out of papers."""

import pytest

from baton.capture.grammar.papers import read_paper


def said(text, **more):
    paper = read_paper(text, **more)
    return paper and (paper.kind, paper.number, paper.total and paper.total["minor"], paper.dated)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "QUOTATION\nQuote No: Q-0412\nDate: 16/11/2026\nTotal: £14,400.00",
            ("quote", "Q-0412", 1_440_000, "2026-11-16"),
        ),
        (
            "Tax Invoice\nInvoice number\nHL-2291\nInvoice date: 3rd November 2026\nAmount due £1,250",
            ("invoice", "HL-2291", 125_000, "2026-11-03"),
        ),
        ("ESTIMATE #88\nNov 3, 2026\nGrand total 950.00 USD", ("quote", "88", 95_000, "2026-11-03")),
        (
            "Angebot Nr. 2026-114\nDatum 03.11.2026\nGültig bis 30.11.2026\nGesamtbetrag 12.500,00 EUR",
            ("quote", "2026-114", 1_250_000, "2026-11-03"),
        ),
        (
            "Rechnung\nRechnungsnr.: 4711\nFällig am 01.12.2026\nRechnungsdatum: 3. November 2026\nEndbetrag: 99,95 €",
            ("invoice", "4711", 9_995, "2026-11-03"),
        ),
        (
            "Račun br. 12-1-1\nDatum izdavanja: 9. studenoga 2026.\nDospijeće: 24.11.2026.\nSveukupno: 1.250,00 €",
            ("invoice", "12-1-1", 125_000, "2026-11-09"),
        ),
        (
            "PONUDA\nBroj ponude: 45/2026\nZagreb, 9.11.2026.\nUkupno 7 800,00 EUR",
            ("quote", "45/2026", 780_000, "2026-11-09"),
        ),
    ],
)
def test_kind_number_total_and_date_are_read(text, expected):
    assert said(text) == expected


def test_net_and_gross_are_kept_apart():
    paper = read_paper("Quote 7\nSubtotal £84,600.00\nVAT 20% £16,920.00\nTotal £101,520.00")

    assert (paper.net["minor"], paper.total["minor"], paper.words) == (8_460_000, 10_152_000, "Total £101,520.00")


@pytest.mark.parametrize(
    "text",
    [
        "Minutes of the meeting\nWe talked about the quote and the invoice that was sent last week by Bram.",
        "Risk assessment\nTotal pages 12",
        "",
    ],
)
def test_other_papers_are_neither(text):
    assert read_paper(text) is None


def test_what_it_is_billed_to_does_not_make_a_quote_an_invoice():
    assert said("Invoice address: 4 High Street\nQuotation Q-9\nTotal 50.00")[0] == "quote"


@pytest.mark.parametrize(
    "line", ["Total hours 12", "VAT total £16,920.00", "Page total 3", "Total 20%"],
)  # fmt: skip
def test_not_every_total_is_a_sum(line):
    assert said(f"Quote 7\n{line}")[2] is None


def test_a_number_that_is_a_day_is_no_number():
    assert said("Quote: 16/11/2026\nTotal £10.00")[1] == ""
