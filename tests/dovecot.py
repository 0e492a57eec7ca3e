"""A real Dovecot on a loopback port, in a folder of its own; its mail belongs to somebody who isn't root."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone

PASSWORD = "seven-otters-under-the-pier"
PATIENCE = 20.0
OWNER = "mail"

CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
passdb {{
  driver = static
  args = password={password}
  {only}
}}
{more}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
"""
BY_TOKEN = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """The server: `deliver` puts a mail into a folder as another program would, `number_anew` changes UIDVALIDITY."""

    def __init__(self, folder: Path, tokens: str = "") -> None:
        self.folder, self.port = folder, free_port()
        self.config = folder / "dovecot.conf"
        self._write(tokens)

    def _write(self, tokens: str) -> None:
        root = os.getuid() == 0
        who = pwd.getpwnam(OWNER) if root else pwd.getpwuid(os.getuid())
        me = pwd.getpwuid(os.getuid()).pw_name
        for name in ("mail", "run", "state"):
            (self.folder / name).mkdir()
        self.folder.chmod(0o755)
        os.chown(self.folder / "mail", who.pw_uid, who.pw_gid)
        more = BY_TOKEN.format(folder=self.folder) if tokens else ""
        if tokens:
            (self.folder / "oauth2").write_text(f"introspection_mode = auth\nintrospection_url = {tokens}\n")
        told = {
            "folder": self.folder, "port": self.port, "password": PASSWORD, "uid": who.pw_uid, "gid": who.pw_gid,
            "internal": "dovecot" if root else me, "group": "dovecot" if root else me,
            "login": "dovenull" if root else me, "more": more, "only": "mechanisms = plain login" if tokens else "",
            "mechanisms": "plain login xoauth2" if tokens else "plain login",
        }  # fmt: skip
        self.config.write_text(CONFIG.format(**told))

    def start(self) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self.running = subprocess.Popen(
            [program, "-F", "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                    if line.recv(10):
                        return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Dovecot didn't start: {self.log()}")

    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text()[-2000:] if log.exists() else "no log"

    def stop(self) -> None:
        self.running.terminate()
        self.running.wait(timeout=PATIENCE)

    @property
    def settings(self) -> dict[str, object]:
        """What the form would have taken for a mailbox here, but for its address."""
        return {"how": "server", "host": "127.0.0.1", "port": self.port, "security": "none"}

    @property
    def inside(self) -> str:
        return f"127.0.0.1:{self.port}"

    def empty(self) -> None:
        """Take all mail away."""
        for box in (self.folder / "mail").iterdir():
            shutil.rmtree(box)

    @contextmanager
    def signed_in(self, address: str):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(address, PASSWORD)
        yield client
        client.logout()

    def deliver(self, address: str, *mails: bytes, folder: str = "INBOX", at=None, flags: str = "") -> None:
        when = imaplib.Time2Internaldate(at or timezone.now())
        with self.signed_in(address) as client:
            for raw in mails:
                told, why = client.append(folder, flags, when, raw)
                assert told == "OK", why

    def deliver_as_root(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail there without signing in, as a delivery agent does."""
        command = ["doveadm", "-c", str(self.config), "save", "-u", address, "-m", folder]
        subprocess.run(command, input=raw, check=True, capture_output=True)

    def number_anew(self, address: str, validity: int, folder: str = "INBOX") -> None:
        command = ["doveadm", "-c", str(self.config), "mailbox", "update", "-u", address]
        subprocess.run([*command, "--uid-validity", str(validity), folder], check=True, capture_output=True)

    def disconnect(self, address: str) -> bool:
        """Throw out whoever is signed in; return whether somebody was."""
        command = ["doveadm", "-c", str(self.config), "kick", address]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


@contextmanager
def running(tokens: str = "") -> Iterator[Dovecot]:
    """Run a Dovecot until the block ends, in a folder that its own user may enter too."""
    folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
    try:
        server = Dovecot(folder, tokens)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture
def dovecot(_dovecot: Dovecot, settings) -> Iterator[Dovecot]:
    """A Dovecot without any mail, which Baton may connect to."""
    settings.BATON_INSIDE = [*settings.BATON_INSIDE, _dovecot.inside]
    yield _dovecot
    _dovecot.empty()
