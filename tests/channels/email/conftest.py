"""Real mail for the tests of this folder, unpacked once and kept as bytes."""

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from baton.channels.email.boxes import MailFile, mailbox

Members = dict[str, bytes]


@pytest.fixture(scope="session")
def archive(shared: Path) -> Callable[[str], Members]:
    """The members of a fixture archive by name, as they are (`archive("bounces-flufl")`)."""
    known: dict[str, Members] = {}

    def members(name: str) -> Members:
        if name not in known:
            with tarfile.open(shared / "email" / "fixtures" / f"{name}.tar.xz") as opened:
                known[name] = {each.name: opened.extractfile(each).read() for each in opened if each.isfile()}
        return known[name]

    return members


@pytest.fixture(scope="session")
def enron(shared: Path) -> Callable[[str], list[MailFile]]:
    """Every message of an Enron mailbox, in the order of the archive."""
    known: dict[str, list[MailFile]] = {}

    def messages(name: str) -> list[MailFile]:
        if name not in known:
            known[name] = list(mailbox(shared / "email" / "enron" / f"{name}.tar.xz"))
        return known[name]

    return messages
