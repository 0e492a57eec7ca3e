"""A token acts as its member and never more, is kept as a digest, and is dead the moment it should be."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from baton.gate.access import limits, tokens
from baton.gate.access.acting import NotLetIn, acting
from baton.gate.access.models import ProgramToken, Spending
from baton.gate.access.programs import end_all
from baton.kernel.verdict import Refusal
from baton.members.models import Member, Role
from tests.cast import MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def made(member, *scopes, days=30):
    return tokens.make("Night export", scopes or ("read",), days=days, by=member, at=MONDAY)


def request(secret, path="/api/v1/deals"):
    return RequestFactory().get(path, headers={"Authorization": f"Bearer {secret}"})


def refused(secret, at=MONDAY):
    with pytest.raises(NotLetIn) as why:
        acting(request(secret), at)
    return why.value.status, why.value.error


def test_a_token_acts_as_its_member_with_what_it_was_allowed(cast):
    _row, secret = made(cast.ana, "read", "suggest")

    member, scopes, client = acting(request(secret), MONDAY)

    assert (member, scopes, client.name) == (cast.ana, {"read", "suggest"}, "Night export")


def test_the_secret_itself_is_kept_nowhere(cast):
    row, secret = made(cast.ana)

    kept = ProgramToken.objects.filter(pk=row.pk).values().get()

    assert secret not in str(kept)
    assert kept["hint"] == secret[-4:]


@pytest.mark.parametrize("secret", ["baton_made-up", "anything", "x" * 3000])
def test_a_token_that_was_made_up_is_refused(cast, secret):
    assert refused(secret) == (401, "invalid_token")


def test_without_a_token_it_is_said_how_one_is_let_in(cast):
    with pytest.raises(NotLetIn) as why:
        acting(RequestFactory().get("/mcp"), MONDAY)

    told = why.value.headers(RequestFactory().get("/mcp"))["WWW-Authenticate"]
    assert told == 'Bearer resource_metadata="http://localhost/.well-known/oauth-protected-resource/mcp"'


def test_a_cookie_lets_no_program_in(cast, client):
    client.force_login(cast.ana)
    asked = RequestFactory().get("/api/v1/deals")
    asked.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}

    with pytest.raises(NotLetIn):
        acting(asked, MONDAY)


def test_a_token_runs_out_by_itself(cast):
    _row, secret = made(cast.ana, days=30)

    assert acting(request(secret), MONDAY + timedelta(days=29)).member == cast.ana
    assert refused(secret, MONDAY + timedelta(days=30)) == (401, "invalid_token")


def test_a_token_that_was_ended_is_dead_at_once_and_nobody_else_can_end_it(cast):
    row, secret = made(cast.ana)

    assert tokens.end(row.pk, by=cast.bram) is False
    assert acting(request(secret), MONDAY).member == cast.ana
    assert tokens.end(row.pk, by=cast.ana) is True
    assert refused(secret) == (401, "invalid_token")


def test_who_leaves_has_no_programs_and_gets_none_back(cast):
    _row, secret = made(cast.ana)
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False)
    gone = refused(secret)
    end_all(cast.ana)
    Member.objects.filter(pk=cast.ana.pk).update(is_active=True)

    assert (gone, refused(secret)) == ((401, "invalid_token"), (401, "invalid_token"))


def test_a_role_that_lost_its_pen_takes_it_from_the_program_too(cast):
    _row, secret = made(cast.ana, "write")
    before = acting(request(secret), MONDAY).scopes
    Member.objects.filter(pk=cast.ana.pk).update(role=Role.READ_ONLY)
    after = acting(request(secret), MONDAY)

    assert (before, after.scopes) == ({"read", "suggest", "write"}, {"read"})
    with pytest.raises(NotLetIn, match="Ana may only read"):
        after.may("write")


def test_what_a_token_may_not_is_said_in_words(cast):
    _row, secret = made(cast.ana, "read")

    with pytest.raises(NotLetIn, match="Record in your name") as why:
        acting(request(secret), MONDAY).may("write")

    assert (why.value.status, why.value.error) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    ("name", "scopes", "days", "said"),
    [
        (" ", ["read"], 30, "which program"),
        ("A", [], 30, "what the program may do"),
        ("A", ["everything"], 30, "what the program may do"),
        ("A", ["read"], 0, "how long"),
        ("A", ["read"], 10_000, "how long"),
    ],
)
def test_a_token_wants_a_name_a_right_and_an_end(cast, name, scopes, days, said):
    with pytest.raises(Refusal, match=said):
        tokens.make(name, scopes, days=days, by=cast.ana, at=MONDAY)


def test_who_may_only_read_gives_nobody_a_pen(cast):
    with pytest.raises(Refusal, match="can only read"):
        made(cast.rita, "write")


def test_a_program_that_asks_too_often_is_told_when_to_come_again(cast, settings):
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 30
    _row, secret = made(cast.ana)
    left = [acting(request(secret), MONDAY).client.allowance.left for _ in range(30)]

    with pytest.raises(NotLetIn) as why:
        acting(request(secret), MONDAY + MINUTE / 3)

    assert left == list(range(29, -1, -1))
    assert why.value.headers(request(secret)) == {
        "RateLimit-Policy": '"minute";q=30;w=60',
        "RateLimit": '"minute";r=0;t=40',
        "Retry-After": "40",
    }
    assert acting(request(secret), MONDAY + MINUTE).client.allowance.left == 29


def test_processes_together_give_out_no_more_than_one_allowance(cast, settings):
    """Each process is what remembers; here each forgets after every request, as if it were another one."""
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 40
    row, secret = made(cast.ana)
    granted = 0
    for _ in range(60):
        limits.forget_all()
        try:
            acting(request(secret), MONDAY)
            granted += 1
        except NotLetIn:
            continue

    assert granted == 20
    assert Spending.objects.get(key=f"token:{row.pk}").taken == 40


def test_reading_on_writes_only_now_and_then(cast, django_assert_num_queries):
    _row, secret = made(cast.ana)
    acting(request(secret), MONDAY)

    with django_assert_num_queries(1):
        acting(request(secret), MONDAY)
