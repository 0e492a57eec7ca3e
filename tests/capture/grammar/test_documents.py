import pytest

from baton.capture.grammar import Document, read_document

from .reading import values


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("Quote Q-0412.pdf", "quote", "Q-0412"),
        ("Angebot_2026-114.pdf", "quote", "2026-114"),
        ("Ponuda 45-2026.pdf", "quote", "45-2026"),
        ("Invoice HL-2291.pdf", "invoice", "HL-2291"),
        ("Rechnung Nr. 4711.pdf", "invoice", "4711"),
        ("Račun 12-1-1.pdf", "invoice", "12-1-1"),
        ("purchase order 88123.pdf", "order", "88123"),
        ("Wartungsvertrag.docx", "contract", None),
        ("Izvještaj studeni.pdf", "report", None),
        ("Q-0412.pdf", "quote", "Q-0412"),
    ],
)
def test_a_file_name_tells_the_document_and_its_number(name, kind, number):
    document = read_document(name)

    assert document is not None
    assert (document.kind, document.number) == (kind, number)


@pytest.mark.parametrize("name", ["photo.jpg", "IMG_2034.png", "image001.gif", "", "notes on the lobby.docx"])
def test_other_files_are_no_document_of_ours(name):
    assert read_document(name) is None


def test_the_subject_tells_what_the_file_name_doesnt():
    assert read_document("scan.pdf", "Your invoice HL-2291") == Document("invoice", "HL-2291", 0.6)


def test_a_document_named_in_a_sentence_is_read_with_its_number():
    assert values("document", "As in quote Q-0412 and invoice HL-2291.") == [
        {"kind": "quote", "number": "Q-0412"},
        {"kind": "invoice", "number": "HL-2291"},
    ]
