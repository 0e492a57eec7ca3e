"""The five programs of docs/developers/recipes.md, run as they stand there against a running Baton."""

import io
import os
import re
import runpy
import sys
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings

from baton.capture import connections
from baton.capture.reading import read_waiting
from baton.gate.access import tokens
from baton.gate.forms import taking
from baton.kernel.clock import now
from baton.ledger.models import Company, Contact, Deal, Fact, Interaction
from tests.cast import MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(settings.BASE_DIR) / "docs/developers/recipes.md"
RECIPES = dict(re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```python\n(.*?)```", PAGE.read_text(), re.S | re.M))
sys.path.insert(0, str(Path(settings.BASE_DIR) / "client/src"))


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def run(server, cast, tmp_path, monkeypatch):
    """Run a recipe in an empty folder with a token of Ana's; return what it printed."""
    monkeypatch.chdir(tmp_path)

    def ran(title: str, *scopes: str, **more: str) -> str:
        _row, secret = tokens.make(title, scopes or ("messages", "write"), days=30, by=cast.ana, at=now())
        Path("recipe.py").write_text(RECIPES[title])
        told = io.StringIO()
        with mock.patch.dict(os.environ, {"BATON_URL": server, "BATON_TOKEN": secret, **more}), redirect_stdout(told):
            runpy.run_path("recipe.py")
        return told.getvalue()

    return ran


def test_there_are_five_of_them():
    assert len(RECIPES) == 5


def test_an_import_from_another_crm_makes_everything_once_and_shows_nothing(run):
    Path("crm-export.csv").write_text(
        "Deal ID,Deal,Company,Contact,Email,Amount,Currency\n"
        "1,Jetty,Marlowe,Dana Whitlock,dana@marlowe.example,12500.50,GBP\n"
        "2,Atrium,Marlowe,Dana Whitlock,dana@marlowe.example,900,GBP\n"
    )

    run("Import from another CRM")
    run("Import from another CRM")

    made = [model.objects.unscoped("tests").count() for model in (Company, Contact, Deal)]
    jetty = Deal.objects.unscoped("tests").get(title="Jetty")
    assert (made, jetty.amount, jetty.shown, jetty.desk) == ([1, 1, 2], 1_250_050, False, "intake")


def test_a_sheet_is_kept_in_step_and_never_written_over_a_person(run, cast):
    quiet, busy = cast.deal("Jetty"), cast.deal("Atrium")
    Path("dates.csv").write_text(
        f"Deal,Version,Close date\n{quiet.pk},{quiet.version},2026-12-01\n{busy.pk},{busy.version},2026-12-01\n"
    )
    cast.tell("deal", busy.pk, by=cast.bram, close_date="2027-02-01")

    told = run("Keep a sheet in step")

    assert told == "changed Jetty\nsuggested Atrium because of close_date\n"
    assert [str(fresh(one).close_date) for one in (quiet, busy)] == ["2026-12-01", "2027-02-01"]


def test_a_website_posts_an_enquiry_without_a_token_and_it_opens_a_deal(run, server, cast, monkeypatch):
    monkeypatch.setattr(taking, "QUICKEST", timedelta(0))  # nobody waits here for a visitor who types
    asked = {"name": "Ask us", "asks": ["message"], "consent": "You may write to me.", "thanks": "Thank you."}
    form = connections.make("form", "Ask us", asked, {}, by=cast.tomas, at=MONDAY, desk="intake")

    told = run("An enquiry from a website's form", BATON_FORM=f"{server}/forms/{form.pk}/", READING="0")
    read_waiting(now() + timedelta(minutes=1))

    assert told == "Thank you.\n"
    assert [deal.desk for deal in Deal.objects.unscoped("tests").all()] == ["intake"]


def test_a_chat_bot_hands_over_once_and_decides_nothing(run):
    run("A chat bot that hands over")
    run("A chat bot that hands over")

    deal = Deal.objects.unscoped("tests").get()
    [chat] = Interaction.objects.unscoped("tests").all()
    close = Fact.objects.unscoped("tests").get(field="close_date")
    assert (deal.next_step, deal.close_date, chat.trust) == (
        "Call Dana back about the atrium glass",
        None,
        "unverified",
    )
    assert (close.status, close.interaction_id, close.reader) == (
        "suggested", chat.pk, "program:A chat bot that hands over",
    )  # fmt: skip


def test_an_export_writes_what_its_member_sees(run, cast):
    cast.mail(cast.deal("Jetty", contact=cast.contact(company=cast.company())))

    told = run("A nightly export", "read")

    assert told == "companies 1\ncontacts 1\ndeals 1\ninteractions 1\nhandoffs 0\n"
    [file] = Path("export").glob("*/deals.jsonl")
    assert '"title": "Jetty"' in file.read_text()
