"""Django's way to send Baton's own mail (invitations, passwords) over checked connections."""

from __future__ import annotations

from django.core.mail.backends.smtp import EmailBackend

from baton.kernel.connecting import Smtp, SmtpOverTls


class CheckedBackend(EmailBackend):
    """SMTP as the operator set it up; the operator's server is named to the connector by the settings."""

    @property
    def connection_class(self) -> type[Smtp | SmtpOverTls]:
        return SmtpOverTls if self.use_ssl else Smtp
