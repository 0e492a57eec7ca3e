"""Credentials are kept encrypted, opened by who uses them, and never shown."""

import json
import pickle

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from baton.capture.models import Connection
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from tests.cast import MONDAY

WORDS = {"password": "over the harbor"}


@pytest.mark.django_db
def test_the_database_holds_no_word_of_a_credential():
    row = Connection.objects.create(channel="email", name="hello", secret=Sealed.of(WORDS), made_at=MONDAY)

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM baton_connection")
        held = bytes(cursor.fetchone()[0])

    assert b"harbor" not in held
    assert Connection.objects.unscoped("tests").get(pk=row.pk).secret.opened() == WORDS


def test_it_prints_as_dots_and_is_not_handed_on():
    sealed = Sealed.of(WORDS)

    assert (repr(sealed), str(sealed), f"{sealed}") == ("•••", "•••", "•••")
    with pytest.raises(TypeError):
        json.dumps({"secret": sealed})
    with pytest.raises(TypeError):
        pickle.dumps(sealed)


def test_a_new_key_still_opens_what_an_old_one_sealed(settings):
    sealed = Sealed.of(WORDS)

    settings.SEAL_KEYS = [Fernet.generate_key().decode(), *settings.SEAL_KEYS]

    assert sealed.opened() == WORDS


def test_without_its_key_it_says_what_to_do(settings):
    sealed = Sealed.of(WORDS)

    settings.SEAL_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(Refusal) as refused:
        sealed.opened()
    assert refused.value.sentence == "The key that opens these credentials isn’t here: enter them again."
