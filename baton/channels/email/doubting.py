"""Why a mail may not be from whom it says: signs that only ever take trust away, so that forging one gains nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from baton.channels.email.message import Address, MailMessage

VERDICT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
FAILED, NAME = "failed", "name"


def doubt_of(mail: MailMessage) -> str:
    """Return `failed` where a server says that the sender is forged (RFC 8601), `name` where the name shows another.

    Nothing where no sign speaks against it, which proves nothing.
    """
    if _failed(mail.authentication_results):
        return FAILED
    return NAME if mail.from_ and _shows_another(mail.from_) else ""


def _failed(results: Sequence[str]) -> bool:
    """DMARC failed; or, where no server judged that, SPF or DKIM failed and neither of them passed."""
    found = [(method.lower(), said.lower()) for line in results for method, said in VERDICT.findall(line)]
    if any(method == "dmarc" for method, _said in found):
        return ("dmarc", "fail") in found
    passed = any(said == "pass" for _method, said in found)
    return not passed and any(said in {"fail", "softfail"} for _method, said in found)


def _shows_another(sender: Address) -> bool:
    shown = ADDRESS.search(sender.name)
    return shown is not None and shown[0].lower() != sender.email.lower()
