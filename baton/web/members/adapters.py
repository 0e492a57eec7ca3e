"""What django-allauth asks of us: where links lead, how guesses are counted, what is secret; nobody signs up."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.members.sessions import device_words
from baton.web.frame import business_name
from baton.web.members import mail
from baton.web.members.origin import absolute


class AccountAdapter(DefaultAccountAdapter):
    """Passwords and sign-in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("Address and password don’t belong together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries for this address. It opens again within the hour; a passkey opens it now."
        ),
        "incorrect_password": gettext_lazy("That isn’t your password."),
        "incorrect_code": gettext_lazy("That code isn’t right, or its half minute is over."),
        "enter_current_password": gettext_lazy("That isn’t the password you have now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: members are invited."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether the browser may be sent there: a place of ours, and no half of an address."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # “http://[::1”
            return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Lead to Baton's own address, whatever Host the request came with."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return absolute(self.request, path.replace("UID-KEY", quote(key)))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("settings")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail of ours: plain text, and nothing in it that the request said about itself."""
        values = context | {"email": email, "business": business_name(), "reset_form": self._reset_form()}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", values).split())
        mail.send(mail.write(email, subject, render_to_string(f"{template_prefix}_message.txt", values).strip() + "\n"))

    def _reset_form(self) -> str:
        return absolute(self.request, reverse("account_reset_password"))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count guesses for the address alone; allauth would count anew for each Host and port that is sent."""
        return f"guesses:{credentials.get('email', '').strip().lower()}"


class MFAAdapter(DefaultMFAAdapter):
    """Second steps and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That code isn’t right, or its half minute is over."),
    }

    def get_totp_issuer(self) -> str:
        return f"Baton · {business_name()}" if business_name() else "Baton"

    def encrypt(self, text: str) -> str:
        """Keep secrets of authenticator apps encrypted with the key of this installation, which backups don't hold."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Name a passkey after the browser and the device that it is made on."""
        browser, device = device_words(context.request.headers.get("User-Agent", ""))
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device} if device else _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the host of `BATON_URL`; without one, to the host at hand, which is one of ours."""
        host = urlsplit(settings.BATON_URL).hostname or context.request.get_host().partition(":")[0]
        return {"id": host, "name": self.get_totp_issuer()}


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"baton.second-step:" + settings.SECRET_KEY.encode()).digest()))
