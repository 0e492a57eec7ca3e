"""Mail about people: invitations and new passwords. Where no mail server is set up, pages show a link to copy."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal

log = logging.getLogger("baton.web.members")


def can_send() -> bool:
    """Whether the operator set up a mail server (`BATON_SMTP_HOST`) or another way of sending."""
    return bool(settings.MAIL_IS_SET_UP)


def send(message: EmailMessage) -> None:
    """Send now; raises a `Refusal` that says so when the mail server doesn't take it."""
    try:
        message.send()
    except (OSError, SMTPException) as why:
        log.exception("the mail server at %s refused a mail", settings.EMAIL_HOST)
        raise Refusal(
            _("The mail server didn’t take the mail. Try again, or ask whoever looks after Baton here.")
        ) from why


def write(to: str, subject: str, text: str) -> EmailMessage:
    """Return a plain mail from Baton to one person."""
    return EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to])
