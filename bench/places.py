"""Where the businesses of the bench lie: folders and databases in ./.cache/bench, thrown away with it.

PostgreSQL is the one of this machine, as its own user, with its usual settings and full durability while it is
measured; only while it is loaded does it save itself the syncing.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("BATON_SHARED", ROOT.parent / "shared"))
"""The folder of real data beside the checkout."""
CACHE = Path(os.environ.get("BENCH_CACHE", ROOT / ".cache" / "bench"))
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
HONEST = {"max_wal_size": "2GB"}
BOTH = {"listen_addresses": "", "max_connections": "60", "shared_buffers": "512MB", "shared_preload_libraries": ""}


@dataclass(frozen=True, slots=True)
class Place:
    """One data folder with its database. `url` is empty for SQLite."""

    folder: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process of Baton needs to know to work here."""
        told = {"BATON_DATA": str(self.folder), "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        return {**os.environ, **told, "PYTHONPATH": str(ROOT)}

    @property
    def database(self) -> str:
        return "postgresql" if self.url else "sqlite"


class Sqlite:
    """Businesses on SQLite: one file each."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sqlite"

    def reference(self) -> Place:
        """Return where the reference business lies."""
        return Place(self.folder / "reference")

    def begin(self) -> Place:
        """Return an empty place to build in."""
        self.forget()
        self.reference().folder.mkdir(parents=True)
        return self.reference()

    def copied(self) -> Place:
        """Copy the reference business, because measuring writes."""
        target = Place(self.folder / "measured")
        shutil.rmtree(target.folder, ignore_errors=True)
        subprocess.run(["cp", "-r", "--reflink=auto", str(self.reference().folder), str(target.folder)], check=True)
        return target

    def empty(self) -> Place:
        """Return a place with nothing in it."""
        target = Place(self.folder / "small")
        shutil.rmtree(target.folder, ignore_errors=True)
        target.folder.mkdir(parents=True)
        return target

    def built(self) -> None:
        """Nothing is left to do."""

    def forget(self) -> None:
        """Throw everything away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self) -> None:
        """Nothing runs."""


class Postgresql:
    """Businesses on a throw-away PostgreSQL, which listens on a socket in its own folder."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postgresql"
        self.cluster = self.folder / "cluster"
        self.socket = Path("/tmp") / f"baton-bench-{os.getpid()}"
        self.user = _server_user()
        self.running: dict[str, str] | None = None

    def reference(self) -> Place:
        return self._place("reference")

    def _place(self, name: str) -> Place:
        return Place(self.folder / name, f"postgresql://baton@/{name}?host={self.socket}")

    def begin(self) -> Place:
        self.forget()
        self.reference().folder.mkdir(parents=True)
        self.cluster.mkdir()
        shutil.chown(self.cluster, self.user)
        self._run(
            "initdb", f"--pgdata={self.cluster}/data", "--username=baton", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self._start(FAST)
        self._run("createdb", f"--host={self.socket}", "--username=baton", "reference")
        return self.reference()

    def built(self) -> None:
        """Start again, durable."""
        self._start(HONEST)

    def copied(self) -> Place:
        self._start(HONEST)
        self._drop("measured")
        target = self._place("measured")
        shutil.rmtree(target.folder, ignore_errors=True)
        shutil.copytree(self.reference().folder, target.folder)
        self._sql("CREATE DATABASE measured TEMPLATE reference STRATEGY FILE_COPY")
        return target

    def empty(self) -> Place:
        self._start(HONEST)
        self._drop("small")
        target = self._place("small")
        shutil.rmtree(target.folder, ignore_errors=True)
        target.folder.mkdir(parents=True)
        self._sql("CREATE DATABASE small")
        return target

    def forget(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self) -> None:
        """Stop the server, if it runs."""
        if self.running is not None:
            self._run("pg_ctl", "stop", "--silent", "--mode=fast", f"--pgdata={self.cluster}/data")
            self.running = None
            shutil.rmtree(self.socket, ignore_errors=True)

    def _start(self, options: dict[str, str]) -> None:
        if self.running == options:
            return
        self.stop()
        (self.cluster / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.socket.mkdir(mode=0o755, exist_ok=True)
        shutil.chown(self.socket, self.user)
        told = {**BOTH, **options, "unix_socket_directories": str(self.socket)}
        said = " ".join(f"-c {name}='{value}'" for name, value in told.items())
        log = f"--log={self.cluster}/log"
        self._run("pg_ctl", "start", "--silent", "--wait", f"--pgdata={self.cluster}/data", log, f"--options={said}")
        self.running = options

    def _drop(self, name: str) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        asked = ["--host", str(self.socket), "--username=baton", "--dbname=postgres", "--command", statement]
        self._run("psql", "--quiet", *asked)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(_programs() / program), *arguments]
        if os.getuid() == 0:
            groups = str(pwd.getpwnam(self.user).pw_gid)
            command = ["setpriv", "--reuid", self.user, "--regid", groups, "--clear-groups", *command]
        told = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=program != "pg_ctl", check=False
        )
        if told.returncode:
            raise SystemExit(f"{program} failed: {(told.stderr or b'').decode()}")


def _server_user() -> str:
    """PostgreSQL refuses to run as root, so root lends it to a user who owns nothing else here."""
    if os.getuid():
        return pwd.getpwuid(os.getuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    if there is None:
        raise SystemExit("The bench needs a PostgreSQL server of version 15 or newer: apt-get install postgresql")
    return Path(there).resolve().parent


KINDS = {"sqlite": Sqlite, "postgresql": Postgresql}
