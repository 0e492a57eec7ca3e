"""A channel of the tests: two cans and a string. What is said into it stands in this module."""

from collections.abc import Callable

from django import forms

from baton.capture.channels import Answer, Channel, Line, register
from baton.capture.ingesting import ingest
from baton.kernel.verdict import Refusal

NAME = "tin-can"
said: list[str] = []
heard: list[str] = []
trouble: list[Exception] = []
before_saying: list[Callable[[], object]] = []


class TinCanForm(forms.Form):
    """How long the string is, and the word that both sides know."""

    length = forms.IntegerField(label="Length in meters", min_value=1)
    word = forms.CharField(label="Word", widget=forms.PasswordInput)

    def connection_name(self) -> str:
        return f"{self.cleaned_data['length']} m of string"


def try_out(settings, secret):
    if secret.get("word") != "open sesame":
        raise Refusal("The other can doesn’t know that word.")


def hear(connection, at):
    if trouble:
        raise trouble.pop()
    for words in heard:
        ingest(NAME, words, words.encode(), at=at)
    kept = len(heard)
    heard.clear()
    return kept


def called(connection, call, at):
    if call.headers.get("x-word") != connection.secret.opened()["word"]:
        raise Refusal("That isn’t the word.")
    ingest(NAME, call.body.decode(), call.body, at=at)
    return Answer(body="heard")


def send(outgoing, at):
    if before_saying:
        before_saying.pop()()
    if trouble:
        raise trouble.pop()
    said.append(outgoing.body["words"])
    return f"sent-{len(said)}"


def register_tin_can() -> None:
    said.clear(), heard.clear(), trouble.clear(), before_saying.clear()
    form = "tests.capture.tin_can.TinCanForm"
    line = Line("Tin can", "Two cans and a string.", form, try_out, own=True, hear=hear, called=called)
    register(Channel(NAME, line=line, send=send))
