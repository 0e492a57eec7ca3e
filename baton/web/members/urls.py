"""Addresses of signing in, of people and of one's own settings.

Of django-allauth only these are reachable: addresses of members change in no form, and nobody signs up.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from baton.web.members import absences, people, settings, signing_in
from baton.web.members.door import ones_own

INVITATION = "people/invitations/<uuid:pk>/"
PERSON = "people/<uuid:pk>/"

urlpatterns = [
    path("account/login/", login_not_required(signing_in.SignIn.as_view()), name="account_login"),
    path("account/demonstration/<slug:part>/", signing_in.demonstration_session, name="demonstration_session"),
    path("account/logout/", ones_own(account.logout), name="account_logout"),
    path("account/inactive/", login_not_required(account.account_inactive), name="account_inactive"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/reauthentication/", ones_own(account.reauthenticate), name="account_reauthenticate"),
    path("account/password/", ones_own(account.password_change), name="account_change_password"),
    path("account/password/first/", ones_own(account.password_set), name="account_set_password"),
    path("account/password/reset/", account.password_reset, name="account_reset_password"),
    path("account/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/changed/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("account/second-step/", mfa.authenticate, name="mfa_authenticate"),
    path("account/second-step/again/", ones_own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/authenticator/", ones_own(totp.activate_totp), name="mfa_activate_totp"),
    path("account/authenticator/removal/", ones_own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/recovery-codes/new/", ones_own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("account/passkeys/new/", ones_own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/again/", ones_own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/passkeys/<int:pk>/", ones_own(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/removal/", ones_own(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/passkeys/", settings.sign_in_steps, name="mfa_list_webauthn"),
    path("account/", settings.sign_in_steps, name="mfa_index"),
    path("invitations/<str:secret>/", signing_in.invitation, name="invitation"),
    path("people/", people.everybody, name="people"),
    path("people/invitations/", people.invitation_list, name="invitations"),
    path(INVITATION + "link/", people.invitation_link, name="invitation_link"),
    path(INVITATION + "withdrawal/", people.invitation_withdrawal, name="invitation_withdrawal"),
    path(PERSON, people.person, name="person"),
    path(PERSON + "role/", people.person_role, name="person_role"),
    path(PERSON + "desks/", people.person_desks, name="person_desks"),
    path(PERSON + "absence/", absences.person_absence, name="person_absence"),
    path(PERSON + "absences/<uuid:absence_id>/end/", absences.absence_end, name="absence_end"),
    path(PERSON + "departure/", people.departure, name="departure"),
    path(PERSON + "return/", people.comeback, name="comeback"),
    path("settings/", settings.settings, name="settings"),
    path("settings/capture-address/", settings.capture_address, name="capture_address"),
    path("settings/sessions/others/", settings.other_sessions, name="other_sessions"),
    path("settings/sessions/<int:pk>/", settings.session, name="session"),
    path("who-sees-what/", settings.who_sees_what, name="who_sees_what"),
]
