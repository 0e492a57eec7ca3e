"""No screen without a member, no change by who may only read, and no word to strangers."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from selectolax.lexbor import LexborHTMLParser

from baton.members.models import Member, Role
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ANYTHING = "00000000-0000-7000-8000-000000000000"
FOR_STRANGERS = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "api",
    "app-icon",
    "app-manifest",
    "calendar-feed",
    "crew-file",
    "crew-packet",
    "demonstration_session",
    "hook",
    "invitation",
    "mcp",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "oauth-registration",
    "oauth-resource",
    "oauth-resource-at",
    "oauth-revocation",
    "oauth-server",
    "oauth-server-at",
    "oauth-token",
    "offline",
    "pocket",
    "push-answers",
    "service-worker",
    "setup",
    "share",
    "view-feed",
    "website-form",
    "website-form-script",
}
"""The only addresses that answer somebody who isn't signed in. Whoever adds one here says why in the commit."""
ONES_OWN = {
    "api", "app-device", "app-device-removal", "app-devices", "push-answers",
    "account_change_password", "account_login", "account_logout", "account_reauthenticate", "account_set_password",
    "calendar", "calendar-removal", "deal-flag",
    "capture_address", "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
    "oauth-authorization", "other_sessions", "program-removal", "program-token-removal", "program-tokens",
    "session", "settings",
    "views", "view", "view-removal", "view-address", "view-address-removal",
}  # fmt: skip
"""What a read-only member may still send: everything else they post is refused."""


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


def _views() -> dict[str, object]:
    return {str(each.name or each.pattern): each.callback for each in _patterns(get_resolver())}


def _members_only(view: object) -> bool:
    return getattr(view, "login_required", True)


def test_only_the_listed_addresses_answer_a_stranger():
    opened = {name for name, view in _views().items() if not _members_only(view)}

    assert opened <= FOR_STRANGERS


def test_everything_else_leads_a_stranger_to_the_sign_in_page(client):
    Cast()
    page = client.get("/people/")

    assert (page.status_code, page.headers["Location"]) == (302, "/account/login/?next=/people/")


def test_a_read_only_member_may_send_only_what_is_their_own():
    own = {name for name, view in _views().items() if getattr(view, "ones_own", False)}

    assert own <= ONES_OWN


@pytest.mark.parametrize(
    ("who", "status"), [("tomas", 302), ("mia", 422), ("rita", 403)], ids=["owner", "member", "read-only"]
)
def test_who_may_not_invite_is_told_so_and_nothing_is_written(who, status):
    cast = Cast()
    client = Client()
    client.force_login(getattr(cast, who))

    answer = client.post(f"/people/{cast.ben.pk}/role/", {"role": "manager"})

    assert answer.status_code == status
    assert Member.objects.get(pk=cast.ben.pk).role == ("manager" if who == "tomas" else "member")


def test_a_role_that_was_taken_away_is_gone_with_the_next_request():
    cast = Cast()
    client = Client()
    client.force_login(cast.tomas)
    Member.objects.filter(pk=cast.tomas.pk).update(role=Role.READ_ONLY)

    answer = client.post(f"/people/{cast.ben.pk}/role/", {"role": "manager"})

    assert answer.status_code == 403


def test_who_left_is_a_stranger_with_the_next_request():
    cast = Cast()
    client = Client()
    client.force_login(cast.ana)
    Member.objects.filter(pk=cast.ana.pk).update(is_active=False)

    assert client.get("/people/").status_code == 302


def test_pages_are_in_the_member_s_language_and_time_zone():
    cast = Cast()
    Member.objects.filter(pk=cast.ana.pk).update(zone="Asia/Tokyo", language="de")
    client = Client()
    client.force_login(cast.ana)

    page = client.get("/settings/").content.decode()

    assert '<html lang="de"' in page
    assert '<option value="Asia/Tokyo" selected>' in page


def test_the_door_asks_the_database_three_questions_and_the_frame_six(django_assert_num_queries):
    """Session, member, version; then seats, duties, Inbox, deals, handoffs, and what waits to be read."""
    cast = Cast()
    client = Client()
    client.force_login(cast.ana)
    client.get("/channels/forwarding/")

    with django_assert_num_queries(9):
        client.get("/channels/forwarding/")


def test_who_may_only_read_is_offered_nothing_that_would_be_refused():
    cast = Cast()
    client = Client()
    client.force_login(cast.rita)
    pages = {
        address: client.get(address).content.decode()
        for address in ("/today/", "/deals/board/", "/deals/list/", "/inbox/")
    }

    for offered in ('href="/quick/"', 'href="/deals/new/"', 'action="/imports/"', 'href="/sheets/"'):
        assert [address for address, page in pages.items() if offered in page] == []


@pytest.mark.parametrize("path", ["/imports/", "/contacts/imports/", "/sheets/", "/quick/"])
def test_where_something_is_brought_in_who_may_only_read_is_offered_no_form(path):
    cast = Cast()
    client = Client()
    pages = []
    for member in (cast.ana, cast.rita):
        client.force_login(member)
        pages.append(LexborHTMLParser(client.get(path).content.decode()).css_first("main form[method=post]"))

    assert (pages[0] is not None, pages[1]) == (True, None)
