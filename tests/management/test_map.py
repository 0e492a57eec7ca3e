"""`baton map`: check, show and publish, with line-numbered problems and exit 2."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from baton.map.current import current_version
from baton.map.models import MapVersion
from baton.map.reading import read_map
from tests.cast import FIRM, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
SLOWER = FIRM.replace("within: 2 working hours", "within: 3 working hours")


def run(*arguments: str) -> tuple[int, str, str]:
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("map", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return status, out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes) -> str:
        path = tmp_path / "map.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def test_a_good_file_is_said_to_be_good_without_any_business_here(file):
    assert run("check", file(FIRM)) == (0, "This map can be published.\n", "")


def test_each_problem_names_its_line_and_the_exit_status_is_2(file):
    path = file(FIRM.replace("{lead: ben}", "{leed: ben}"))

    status, out, err = run("check", path)

    line = FIRM.splitlines().index("  operations: {lead: ben}") + 1
    assert (status, out) == (2, "")
    assert err.startswith(f"{path}, line {line}: ")


def test_problems_are_told_as_json_too(file):
    status, out, _err = run("check", file(FIRM.replace("{lead: ben}", "{leed: ben}")), "--json")

    answer = json.loads(out)
    assert (status, answer["changes"]) == (2, [])
    assert {"line", "column", "sentence", "hint"} == answer["problems"][0].keys()


@pytest.mark.parametrize(
    ("content", "why"), [(b"business: \xff\xfe", "line 1: This line isn’t UTF-8 text"), (b"", "business")]
)
def test_what_isn_t_a_map_is_a_problem_and_no_crash(file, content, why):
    status, _out, err = run("check", file(content))

    assert status == 2
    assert why in err


def test_a_file_that_isn_t_there_is_a_problem(tmp_path):
    status, _out, err = run("check", str(tmp_path / "nowhere.yaml"))

    assert status == 2
    assert "can’t be read" in err


def test_check_says_what_publishing_would_change(file):
    Cast()

    _status, out, _err = run("check", file(SLOWER))

    assert "the time allowed was 2 working hours, is 3 working hours" in out


def test_show_prints_the_map_in_force_so_that_it_can_be_read_back():
    Cast()

    status, out, _err = run("show")

    assert (status, out) == (0, FIRM)
    assert read_map(out)[1] == []


def test_show_without_a_map_says_so():
    assert run("show") == (2, "", "There is no such version of the map.\n")


def test_publish_puts_the_file_in_force_and_notes_the_operator(file):
    Cast()

    status, out, _err = run("publish", file(SLOWER))

    newest = MapVersion.objects.first()
    assert (status, newest.number, newest.published_by) == (0, 2, None)
    assert newest.note == "Published by the operator, from the command line"
    assert out.startswith("Version 2 is in force.\n")


def test_publishing_what_is_in_force_already_makes_no_version_of_it(file):
    Cast()

    _status, out, _err = run("publish", file(FIRM))

    assert (out, current_version()) == ("Version 1 says the same, word for word: nothing was published.\n", 1)


def test_publish_moves_the_deals_of_removed_stages(file):
    cast = Cast()
    deal = cast.deal(stage="visited", at=MONDAY)
    text = FIRM.replace("  visited: {desk: sales, entered_by: meeting held}\n", "")
    text = text.replace("caught_at: visited", "caught_at: quoted") + "\nsuccessors: {visited: quoted}\n"

    _status, out, _err = run("publish", file(text), "--json")

    assert (json.loads(out)["moved"], fresh(deal).stage) == (1, "quoted")


def test_publish_refuses_what_would_leave_deals_behind(file):
    cast = Cast()
    cast.deal(stage="visited", at=MONDAY)
    text = FIRM.replace("  visited: {desk: sales, entered_by: meeting held}\n", "")

    status, out, err = run("publish", file(text.replace("caught_at: visited", "caught_at: quoted")))

    assert (status, out, current_version()) == (2, "", 1)
    assert "stage “Visited” is gone, and deals stand there" in err


def test_a_file_is_rehearsed_over_the_past_and_answers_as_json(file, monkeypatch):
    cast = Cast()
    cast.mail(cast.deal(contact=cast.contact()), at=MONDAY)
    monkeypatch.setattr("baton.management.commands.map.now", lambda: MONDAY + timedelta(days=1))

    status, out, _err = run("rehearse", file(SLOWER), "--days", "30", "--behavior", "answer-enquiry", "--json")

    answer = json.loads(out)
    [told] = answer["behaviors"]
    assert (status, answer["opened"], answer["late"]) == (0, 1, 1)
    assert (told["id"], told["change"], told["cases"][0]["title"]) == ("answer-enquiry", "changed", "Quayside Tower")
    assert answer["people"][0]["name"] == "Ana Horvat"


def test_a_file_with_problems_isn_t_rehearsed(file):
    status, out, err = run("rehearse", file(FIRM.replace("{lead: ben}", "{leed: ben}")))

    assert (status, out, "line" in err) == (2, "", True)
