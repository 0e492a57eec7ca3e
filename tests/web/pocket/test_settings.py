"""Baton on a phone, as its member sets it; and what a Shortcut posts with their secret."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baton.capture.models import ImportJob
from baton.channels.pocket.models import PocketSecret
from baton.channels.push.models import PushDevice
from baton.ledger.models import File, Interaction
from baton.members.models import Member
from tests.cast import Cast, fresh
from tests.channels.outside import Outside
from tests.channels.push.service import Browser

pytestmark = pytest.mark.django_db
CARD = b"BEGIN:VCARD\nVERSION:3.0\nFN:Colin Hart\nEND:VCARD\n"


@pytest.fixture
def cast(settings, tmp_path) -> Cast:
    settings.DATA_DIR = tmp_path
    return Cast()


@pytest.fixture
def ana(cast) -> Client:
    client = Client()
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def subscription(path: str = "/one") -> str:
    return Browser(Outside("https://push.example"), path).subscription


def secret_of(client: Client) -> str:
    page = client.post("/settings/app/secrets/", {"name": "iPhone"}).content.decode()
    return re.search(r'value="Bearer ([\w-]+)"', page)[1]


def phone(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)


def test_a_device_is_told_from_now_on_and_taken_off_again(cast, ana):
    ana.post("/settings/app/devices/", {"subscription": subscription()})
    row = PushDevice.objects.get()
    shown = ana.get("/settings/app/").content.decode()
    ana.post(f"/settings/app/devices/{row.pk}/", {"wants": "all"})
    changed = PushDevice.objects.get()
    ana.post(f"/settings/app/devices/{row.pk}/removal/")

    assert "Tell it nothing more" in shown
    assert (row.member, row.shows, row.wants) == (cast.ana, True, "pressing")
    assert (changed.shows, changed.wants) == (False, "all")
    assert PushDevice.objects.count() == 0


def test_a_browser_that_another_member_signs_in_on_is_told_as_theirs(cast, ana):
    told = subscription()
    bram = Client()
    bram.force_login(cast.bram)

    for client in (ana, bram):
        client.post("/settings/app/devices/", {"subscription": told})

    assert [row.member for row in PushDevice.objects.all()] == [cast.bram]


def test_one_member_s_device_is_nothing_to_another(cast, ana):
    ana.post("/settings/app/devices/", {"subscription": subscription()})
    row = PushDevice.objects.get()
    bram = Client()
    bram.force_login(cast.bram)

    bram.post(f"/settings/app/devices/{row.pk}/", {"wants": "all"})
    bram.post(f"/settings/app/devices/{row.pk}/removal/")

    assert PushDevice.objects.get().wants == "pressing"


def test_who_may_only_read_is_told_too_but_hands_nothing_over(cast):
    rita = Client()
    rita.force_login(cast.rita)

    told = rita.post("/settings/app/devices/", {"subscription": subscription()}).status_code
    secret = rita.post("/settings/app/secrets/", {"name": "Phone"}).status_code

    assert (told, secret, PushDevice.objects.count(), PocketSecret.objects.count()) == (302, 403, 1, 0)
    assert "Make a secret" not in rita.get("/settings/app/").content.decode()


def test_a_secret_is_shown_once_and_kept_nowhere(cast, ana):
    token = secret_of(ana)

    assert token not in ana.get("/settings/app/").content.decode()
    assert token not in str(PocketSecret.objects.values().get())


def test_a_shortcut_shares_a_file_as_the_share_sheet_does(cast, ana):
    answer = phone(secret_of(ana)).post("/pocket/", {"file": SimpleUploadedFile("Colin.vcf", CARD), "key": "now"})

    assert (answer.status_code, ImportJob.objects.get().by) == (200, cast.ana)
    assert "/share/now/" in answer.content.decode()


def test_a_dictated_line_is_read_as_the_quick_line_is(cast, ana):
    deal = cast.deal(contact=cast.contact())

    answer = phone(secret_of(ana)).post("/pocket/", {"line": "Called Dana, about 12k"})

    assert answer.content.decode() == "Recorded."
    assert fresh(deal).amount == 1_200_000


def test_shared_words_promise_nothing_by_themselves(cast, ana):
    deal = cast.deal(contact=cast.contact())

    phone(secret_of(ana)).post("/pocket/", {"text": "Dana Whitlock: it will be about 12k"})

    assert Interaction.objects.unscoped("tests").get().deal_id == deal.pk
    assert fresh(deal).amount is None


def test_the_same_sent_again_is_recorded_once(cast, ana):
    there = phone(secret_of(ana))

    for _again in range(3):
        there.post(
            "/pocket/", {"line": "The roof", "key": "16.11.", "file": SimpleUploadedFile("roof.jpg", b"\xff\xd8")}
        )

    assert (Interaction.objects.unscoped("tests").count(), File.objects.unscoped("tests").count()) == (1, 1)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic YTpi"}])
def test_without_a_secret_nothing_is_taken(cast, header):
    answer = Client(headers=header).post("/pocket/", {"line": "Called Dana"})

    assert (answer.status_code, Interaction.objects.unscoped("tests").count()) == (401, 0)


def test_a_secret_that_was_ended_or_whose_member_left_is_refused(cast, ana):
    token, other = secret_of(ana), secret_of(ana)
    ana.post(f"/settings/app/secrets/{PocketSecret.objects.order_by('made_at').first().pk}/removal/")
    ended = phone(token).post("/pocket/", {"line": "Called Dana"}).status_code
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False)
    left = phone(other).post("/pocket/", {"line": "Called Dana"}).status_code

    assert (ended, left) == (401, 401)


def test_a_secret_reads_nothing(cast, ana):
    there = phone(secret_of(ana))

    assert there.get("/today/").status_code == 302
    assert there.get("/pocket/").status_code == 405
