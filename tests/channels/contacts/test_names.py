"""Names that people labeled: a person is no company, a company with its form is no person, and names come apart."""

import re
import xml.etree.ElementTree as ET

import pytest

from baton.capture.grammar import is_company_name, split_person_name


def labeled(path):
    """Return each name as its (label, word) pairs."""
    return [[(word.tag, (word.text or "").strip()) for word in name] for name in ET.parse(path).getroot()]


@pytest.fixture(scope="module")
def names(shared):
    return shared / "contacts" / "names"


def whole(name):
    return " ".join(word for _label, word in name)


def plain(text):
    return re.sub(r"[^\w' -]", "", text).strip().lower()


def test_no_person_is_taken_for_a_company(names):
    assert [whole(name) for name in labeled(names / "person_labeled.xml") if is_company_name(whole(name))] == []


def test_a_company_with_its_legal_form_is_known(names):
    formed = [n for n in labeled(names / "company_labeled.xml") if "CorporationLegalType" in {label for label, _w in n}]
    known = [name for name in formed if is_company_name(whole(name))]

    assert len(known) / len(formed) >= 0.96


def test_given_and_family_names_come_apart_as_people_labeled_them(names):
    people = [dict_of(name) for name in labeled(names / "person_labeled.xml")]
    people = [one for one in people if one["GivenName"] and one["Surname"] and not one["And"]]
    right = [one for one in people if is_right(one)]

    assert len(right) / len(people) >= 0.92


def dict_of(name):
    found = {label: " ".join(w for other, w in name if other == label) for label in ("GivenName", "Surname", "And")}
    return found | {"whole": whole(name)}


def is_right(one):
    split = split_person_name(one["whole"])
    return (plain(split.family), plain(split.given).split(" ")[:1]) == (
        plain(one["Surname"]),
        plain(one["GivenName"]).split(" ")[:1],
    )


@pytest.mark.parametrize(
    "name", ["Šimić gradnja d.o.o.", "Lime Reinigung GmbH & Co. KG", "Marlowe Estates Ltd", "Jadran j.d.o.o."]
)
def test_forms_of_the_countries_where_baton_is_used(name):
    assert is_company_name(name)
    assert split_person_name(name) == ("", "")
