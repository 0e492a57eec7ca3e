"""Mail arrives: as a mailbox that somebody drops, and as a message sent to the receiver; each says why it is there."""

import io
import smtplib
import socket
import zipfile
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from baton.capture import imports
from baton.capture.addresses import address_of
from baton.capture.reading import read_waiting
from baton.channels.email.receiving import Receiver
from baton.kernel.clock import now
from baton.ledger.models import Interaction
from tests.capture.letters import letter
from tests.cast import HOUR, MONDAY, Cast
from tests.journeys.conftest import NOW

pytestmark = pytest.mark.usefixtures("monday")
THEIRS = letter(subject="Lobby", text="The lobby floor is oak, please bring felt pads.", date=MONDAY - 30 * HOUR)
STRANGE = letter("Petra Lind <petra@tyneview.example>", subject="Gutters", text="Do you clean gutters?", date=MONDAY)


@pytest.fixture
def deal(cast: Cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company, at=MONDAY - 40 * HOUR)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    receiver = Receiver(port=port)
    receiver.start()
    yield receiver
    receiver.stop()


def zipped(**messages: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in messages.items():
            archive.writestr(f"mail/{name}.eml", raw)
    return file.getvalue()


def drop(page: Page, name: str, content: bytes) -> None:
    """Let go of a file over the head of the page, as from a folder of the desktop."""
    dropped = page.evaluate_handle(
        """([name, bytes]) => {
            const held = new DataTransfer();
            held.items.add(new File([new Uint8Array(bytes)], name, {type: "application/zip"}));
            return held;
        }""",
        [name, list(content)],
    )
    page.locator("h1").dispatch_event("dragover", {"dataTransfer": dropped})
    page.locator("h1").dispatch_event("drop", {"dataTransfer": dropped})


def test_a_mailbox_is_dropped_read_and_filed(page_at, look_everywhere, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto("/inbox/")
    page.get_by_role("link", name="Drop a mailbox").click()

    drop(page, "november.zip", zipped(one=THEIRS, copy=THEIRS, other=STRANGE))
    expect(page.get_by_text("Looking into it …")).to_be_visible()
    imports.work(now)

    expect(page.get_by_text("All 3 messages are read.")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("Recorded 2", use_inner_text=True)
    expect(page.locator(".figures")).to_contain_text("Known already 1", use_inner_text=True)
    look_everywhere(page.url, cast.ana)

    page.get_by_role("link", name="What couldn’t be placed").click()
    expect(page.locator("#inbox")).to_contain_text("Petra Lind")
    expect(page.locator("#inbox")).not_to_contain_text("Dana Whitlock")
    expect(page.locator(".reader .notice")).to_contain_text("petra@tyneview.example")

    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator("#timeline")).to_contain_text("please bring felt pads")


def test_the_same_mailbox_dropped_again_records_nothing_twice(page_at, cast, deal):
    page = page_at(390, "dark", cast.ana)
    for _time in range(2):
        page.goto("/imports/")
        page.get_by_label("Mail").set_input_files(
            {"name": "november.zip", "mimeType": "application/zip", "buffer": zipped(one=THEIRS, other=STRANGE)}
        )
        page.get_by_role("button", name="Read it").click()
        imports.work(now)
        expect(page.get_by_text("All 2 messages are read.")).to_be_visible()

    expect(page.locator(".figures")).to_contain_text("Known already 2", use_inner_text=True)
    assert Interaction.objects.unscoped("tests").count() == 2


def test_a_message_sent_to_the_receiver_lies_on_its_deal_with_its_reason(
    page_at, look_everywhere, receiver, cast, deal
):
    raw = letter(subject="Start", text="Could we start on 1 December?", date=NOW)
    with smtplib.SMTP("127.0.0.1", receiver.port, timeout=20) as client:
        client.sendmail("dana@marlowe.example", [address_of(cast.ana)], raw)
    read_waiting(now())

    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator("#timeline")).to_contain_text("Could we start on 1 December?")
    page.locator("#timeline").get_by_role("link", name="Email from Dana Whitlock").click()

    expect(page.get_by_role("heading", name="Start")).to_be_visible()
    said = dict(zip(page.locator("main dt").all_inner_texts(), page.locator("main dd").all_inner_texts(), strict=True))
    assert said["Filed with"] == "Quayside Tower, Dana Whitlock, Marlowe"
    assert said["Because"] == "From or to Dana Whitlock, whose one open deal this is."
    look_everywhere(page.url, cast.ana)
