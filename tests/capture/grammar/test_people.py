import pytest

from baton.capture.grammar import company_name_from_domain, is_company_name, is_free_mail, split_person_name

from .reading import values


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Dana Whitlock", "Dana", "Whitlock"),
        ("Mr. Hans Kurz", "Hans", "Kurz"),
        ("Whitlock, Dana", "Dana", "Whitlock"),
        ("Herr Dr. Hans Kurz", "Hans", "Kurz"),
        ("Anne van der Berg", "Anne", "van der Berg"),
        ("Ana Marija Kovač", "Ana Marija", "Kovač"),
        ("Dana", "Dana", ""),
        ("Dana Whitlock (Marlowe)", "Dana", "Whitlock"),
        ("John Arnold/HOU/ECT", "John", "Arnold"),
        ("Kestrel d.o.o.", "", ""),
        ("Kurz Gebäudereinigung GmbH", "", ""),
        ("dana@marlowe.example", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_split_into_given_and_family(name, given, family):
    assert split_person_name(name) == (given, family)


@pytest.mark.parametrize(
    "name",
    [
        "Kestrel d.o.o.",
        "Kurz GmbH",
        "Marlowe Ltd",
        "Marlowe Property Management",
        "Acme Inc.",
        "Hart LLC",
        "Müller & Co. KG",
        "Siemens AG",
    ],
)
def test_a_legal_form_or_a_trade_makes_a_company(name):
    assert is_company_name(name)


@pytest.mark.parametrize("name", ["Dana Whitlock", "Ana Kovač", "Colin", "Marco Polo", "Se Ri Pak", ""])
def test_a_person_is_no_company(name):
    assert not is_company_name(name)


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("harbour-lime.co.uk", "Harbour Lime"),
        ("mail.kestrel.hr", "Kestrel"),
        ("bmc.com", "BMC"),
        ("gmail.com", None),
        ("inet.hr", None),
        ("localhost", None),
    ],
)
def test_a_domain_names_its_company_unless_anybody_can_have_an_address_there(domain, name):
    assert company_name_from_domain(domain) == name


@pytest.mark.parametrize(
    "domain", ["gmail.com", "T-Online.de", "btinternet.com", "net.hr", "comcast.net", "mailinator.com", "st.t-com.hr"]
)
def test_public_and_disposable_mailboxes_are_free_mail(domain):
    assert is_free_mail(domain)


def test_a_business_domain_is_no_free_mail():
    assert not is_free_mail("kestrel.hr")


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "ring me on 020 7946 0812", "+442079460812"),
        ("en", "ring me on +385 1 4811 320", "+38514811320"),
        ("de", "Tel. 030 901820", "+4930901820"),
        ("hr", "mobitel 091 234 5678", "+385912345678"),
    ],
)
def test_a_phone_is_read_in_the_form_that_dials_from_everywhere(language, text, number):
    assert values("phone", text, language) == [number]


@pytest.mark.parametrize("text", ["ID 000123456789012345", "12/11/2026 10:00", "ref 2026-114-2291", "£12,000,000"])
def test_numbers_that_nobody_can_dial_are_no_phones(text):
    assert values("phone", text) == []


def test_who_does_what_is_read_where_it_is_said():
    assert values("role", "Colin Marsh is our superintendent.") == [{"role": "superintendent", "person": "Colin Marsh"}]


def test_addresses_of_mail_and_web_are_read_without_the_full_stop():
    text = "Write to Dana@Marlowe.example. See www.marlowe.example/lobby."

    assert values("email", text) == ["dana@marlowe.example"]
    assert values("url", text) == ["www.marlowe.example/lobby"]
