"""Mail servers for tests: one in Python that takes, refuses and hangs up as told, and Debian's Dovecot before it."""

from __future__ import annotations

import asyncio
import base64
import datetime
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "open-sesame"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for localhost, good for a day, and return where it and its key lie."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(today - datetime.timedelta(days=1)).not_valid_after(today + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    places = folder / "cert.pem", folder / "key.pem"
    places[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    format_ = serialization.PrivateFormat.PKCS8
    places[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, format_, plain))
    return places


@dataclass
class Submission:
    """A submission server: what it took, and what it does next. `answers` is recipient → what it is told."""

    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    at_the_end: str = ""

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _from, _to, raw in self.taken]  # type: ignore[misc]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        if self.at_the_end == "hang up":
            server.transport.abort()
            await asyncio.sleep(0)
        return self.at_the_end if self.at_the_end[:1].isdigit() else "250 Taken"


def _known(server: Any, session: Any, envelope: Any, mechanism: str, told: Any) -> AuthResult:
    good = isinstance(told, LoginPassword) and told.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)


@contextmanager
def submission(folder: Path | None = None, whose: Callable[[str], str] | None = None) -> Iterator[Submission]:
    """Run a server on a free port of this machine; with a folder it wants STARTTLS, and a password or a token.

    `whose` says whose a token is, nobody's where it counts for nothing; a server that takes tokens takes no passwords.
    """
    server = Submission()
    controller = _Controller(server, hostname="127.0.0.1", port=0)
    controller.context, controller.whose = None, whose
    if folder is not None:
        controller.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        controller.context.load_cert_chain(*certificate(folder))
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


class _Controller(Controller):
    context: ssl.SSLContext | None = None
    whose: Callable[[str], str] | None = None

    def factory(self) -> SMTP:
        if self.context is None:
            return SMTP(self.handler)
        told = {"tls_context": self.context, "require_starttls": True, "auth_required": True, "authenticator": _known}
        if self.whose is None:
            return SMTP(self.handler, **told)
        server = _ByToken(self.handler, auth_exclude_mechanism=["PLAIN", "LOGIN"], **told)
        server.whose = self.whose
        return server

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class _ByToken(SMTP):
    """Takes XOAUTH2 as Google and Microsoft do: who is refused is told why first, and answers with nothing."""

    whose: Callable[[str], str]

    async def auth_XOAUTH2(self, _server: Any, args: list[str]) -> AuthResult:
        told = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        user, bearer = [*told.split("\1"), ""][:2]
        whose = self.whose(bearer.removeprefix("auth=Bearer "))
        if whose and user == f"user={whose}":
            return AuthResult(success=True)
        await self.challenge_auth(b'{"status":"400","schemes":"Bearer"}')
        return AuthResult(success=False, handled=False)


DOVECOT = """\
protocols = submission
listen = 127.0.0.1
base_dir = {sockets}
log_path = {folder}/log
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
first_valid_uid = 0
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={folder}/mail
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = yes
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@contextmanager
def dovecot(folder: Path, relay: int) -> Iterator[int]:
    """Run Dovecot's submission service, which signs in over STARTTLS and hands on to `relay`; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    certificate(folder)
    (folder / "mail").mkdir()
    told = _users(folder)
    sockets = tempfile.mkdtemp(prefix="dovecot-", dir="/tmp")  # the path of a socket may have 107 characters
    settings = DOVECOT.format(folder=folder, sockets=sockets, password=PASSWORD, relay=relay, port=port, **told)
    (folder / "dovecot.conf").write_text(settings)
    running = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _wait_for(port, running, folder)
        yield port
    finally:
        running.terminate()
        running.wait(timeout=10)
        shutil.rmtree(sockets, ignore_errors=True)


def _users(folder: Path) -> dict[str, object]:
    """Return who runs what: Dovecot refuses to be root with mail, and needs no other user where nobody is root."""
    if os.getuid():
        me = pwd.getpwuid(os.getuid()).pw_name
        return {"user": me, "group": me, "login": me, "mail_uid": os.getuid(), "mail_gid": os.getgid()}
    for part in (folder, *folder.parents[:2]):
        part.chmod(part.stat().st_mode | 0o055)
    mail = pwd.getpwnam("mail")
    os.chown(folder / "mail", mail.pw_uid, mail.pw_gid)
    return {
        "user": "dovecot",
        "group": "dovecot",
        "login": "dovenull",
        "mail_uid": mail.pw_uid,
        "mail_gid": mail.pw_gid,
    }


def _wait_for(port: int, running: Any, folder: Path) -> None:
    for _attempt in range(200):
        if running.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError((folder / "log").read_text() if (folder / "log").exists() else "Dovecot said nothing.")
