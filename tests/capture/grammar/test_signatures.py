from baton.capture.grammar import Signature, read_signature

NELL = """Thanks for the call, the quote is attached.

Kind regards,
Nell Harrow
Account Manager
Harbour & Lime Site Services Ltd
14 Wharf Road, London N1 7GR
T: 020 7946 0812 | M: 07700 900123
F: 020 7946 0999
nell@harbourlime.example"""

HANS = """Mit freundlichen Grüßen

Hans Kurz
Objektleiter | Kurz Gebäudereinigung GmbH
Tel. 030 901820
kurz@kurz.example"""

ANA = """Lijep pozdrav,
Ana Kovač
voditeljica prodaje
Kestrel d.o.o.
mob: 091 234 5678"""


def read(text, name, email="", **more):
    return read_signature(text, sender_name=name, sender_email=email, **more)


def test_an_english_signature_tells_who_signs_and_how_to_reach_them():
    signature = read(NELL, "Nell Harrow", "nell@harbourlime.example")

    assert (signature.name, signature.role, signature.company) == (
        "Nell Harrow",
        "Account Manager",
        "Harbour & Lime Site Services Ltd",
    )
    assert signature.address == "14 Wharf Road, London N1 7GR"
    assert signature.emails == ("nell@harbourlime.example",)


def test_a_fax_is_no_phone():
    assert read(NELL, "Nell Harrow").phones[0] == "+442079460812"
    assert "+442079460999" not in read(NELL, "Nell Harrow").phones


def test_a_german_signature_may_say_two_things_in_a_line():
    signature = read(HANS, "Hans Kurz", zone="Europe/Berlin", language="de")

    assert (signature.name, signature.role, signature.company, signature.phones) == (
        "Hans Kurz",
        "Objektleiter",
        "Kurz Gebäudereinigung GmbH",
        ("+4930901820",),
    )


def test_a_croatian_signature_is_read_like_the_others():
    signature = read(ANA, "Ana Kovač", zone="Europe/Zagreb", language="hr")

    assert (signature.name, signature.role, signature.company, signature.phones) == (
        "Ana Kovač",
        "voditeljica prodaje",
        "Kestrel d.o.o.",
        ("+385912345678",),
    )


def test_every_detail_says_where_it_stands():
    signature = read(NELL, "Nell Harrow")

    assert [NELL[part.start : part.end] for part in signature.parts if part.kind in ("name", "role", "company")] == [
        "Nell Harrow",
        "Account Manager",
        "Harbour & Lime Site Services Ltd",
    ]


def test_a_name_and_role_in_one_line_are_two_things():
    signature = read("Thanks,\nDana Whitlock, Property Manager\nMarlowe Ltd", "Dana Whitlock")

    assert (signature.name, signature.role, signature.company) == ("Dana Whitlock", "Property Manager", "Marlowe Ltd")


def test_the_senders_name_begins_the_signature_where_no_greeting_does():
    text = "See you there.\n\nScott Oblander\n312-762-1015\n312-762-1014 fax\nCarr Futures Inc."

    signature = read(text, "Scott Oblander", zone="America/Chicago")

    assert (signature.name, signature.phones, signature.company) == (
        "Scott Oblander",
        ("+13127621015",),
        "Carr Futures Inc.",
    )


def test_a_mail_without_a_signature_has_none():
    assert read("I'll be there on Friday.", "Dana Whitlock") == Signature()
