"""Handoffs on a Monday at nine, as both desks see them."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import MINUTE, MONDAY, Cast


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Ten past nine on Monday; what the scene did, it did before."""
    with time_machine.travel(MONDAY + 10 * MINUTE, tick=False) as clock:
        yield clock


@pytest.fixture
def signed_in():
    """Sign a member in without asking for a password."""

    def sign_in(member) -> Client:
        client = Client()
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
