"""A deal page, seen by Ana: shared by the tests of its parts."""

import pytest
from django.test import Client

from tests.cast import Cast


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def signed_in():
    """Sign a member in without asking for a password."""

    def sign_in(member) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
