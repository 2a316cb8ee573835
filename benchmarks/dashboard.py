"""Dashboard and scores API with many observations, against few; dashboard against an empty page.

    python benchmarks/dashboard.py [--count 1000000]

Prints JSON. Two databases of one PostgreSQL, one with 10,000 observations and one with `--count`,
and a real server process on each (DEBUG off, static files collected). A logged-in lead asks over one
kept-alive local connection each; the time of a request is from its first byte sent to its last byte
read, which holds the server's time and nothing of a browser's. Every round asks each server for the
dashboard, the scores and the empty page, in turn; a ratio is the median of the rounds' ratios. The
empty page is the history of a programme in which nothing was changed: the same frame, stepper and
log-in, no content. Queries are counted in this process, by the product's own views.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from stand import ROOT, stand
from stored import FEW, count_asked_for, furnish, make_databases, serving, using

ROUNDS = 40
WARM_UP = 5
PAGES = {
    "dashboard": "/programmes/bench/dashboard/",
    "scores": "/api/v1/programmes/bench/journeys/family-store/scores/",
    "empty": "/programmes/bench/history/",
}
Times = dict[str, list[float]]


class Reader:
    """A logged-in lead on a kept-alive connection."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": f"sessionid={cookie}"}

    def milliseconds(self, path: str) -> float:
        started = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        taken = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:500]!r}")
        return taken * 1000


def main() -> None:
    count = count_asked_for(__doc__)
    with stand(servers=0) as one:
        few, many = make_databases(one, [FEW, count])
        furnish(few)
        furnish(many)
        print(json.dumps(measure(few, many), indent=2))


def measure(few: str, many: str) -> dict[str, object]:
    cookies, queries = {}, {}
    for dsn in (few, many):
        with using(dsn):
            cookies[dsn], queries[dsn] = log_in(), _count_queries()
    with collected_static_files(), serving(many) as one, serving(few) as other:
        readers = [Reader(one, cookies[many]), Reader(other, cookies[few])]
        with_many, with_few = _times(readers)
    ratios = {page: _ratios(with_many[page], with_few[page]) for page in PAGES}
    to_empty = _ratios(with_many["dashboard"], with_many["empty"])
    return {
        "ratio": _worst(ratios["dashboard"], ratios["scores"]),
        "goal": 1.2,
        "dashboard_ratio": round(statistics.median(ratios["dashboard"]), 2),
        "scores_ratio": round(statistics.median(ratios["scores"]), 2),
        "empty_ratio": round(statistics.median(ratios["empty"]), 2),
        "same_queries": queries[many] == queries[few],
        "queries": queries[many],
        "dashboard_to_empty": round(statistics.median(to_empty), 2),
        "dashboard_to_empty_goal": 5,
        "dashboard_to_empty_with_few": round(
            statistics.median(_ratios(with_few["dashboard"], with_few["empty"])), 2
        ),
        "milliseconds_with_many": _medians(with_many),
        "milliseconds_with_few": _medians(with_few),
        "rounds": ROUNDS,
    }


def _times(readers: list[Reader]) -> list[Times]:
    """Of each reader, each page's milliseconds round after round, after some to warm up."""
    for reader in readers:
        for path in PAGES.values():
            for _ in range(WARM_UP):
                reader.milliseconds(path)
    times: list[Times] = [{page: [] for page in PAGES} for _ in readers]
    pairs = list(zip(readers, times, strict=True))
    for _ in range(ROUNDS):
        for page, path in PAGES.items():
            for reader, found in pairs:
                found[page].append(reader.milliseconds(path))
        pairs.reverse()
    return times


def _ratios(above: list[float], below: list[float]) -> list[float]:
    return [one / other for one, other in zip(above, below, strict=True)]


def _worst(*ratios: list[float]) -> float:
    return round(max(statistics.median(one) for one in ratios), 2)


def _medians(times: Times) -> dict[str, float]:
    return {page: round(statistics.median(found), 1) for page, found in times.items()}


def log_in() -> str:
    """A session of the programme's lead."""
    from django.test import Client

    from accounts.models import User
    from journeys.models import Programme
    from journeys.tests.factories import make_member, make_user

    lead = User.objects.filter(memberships__role="lead").first()
    if lead is None:
        lead = make_member(Programme.objects.get(slug="bench"), "lead", make_user("Lea Lead"))
    client = Client()
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


def _count_queries() -> dict[str, int]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    found = {}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain}, ALLOWED_HOSTS=["testserver"]
    ):
        client = Client()
        client.force_login(
            User.objects.get(memberships__role="lead"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        for page, path in PAGES.items():
            with CaptureQueriesContext(connection) as queries:
                if client.get(path).status_code != 200:
                    raise RuntimeError(f"{path} can't be read")
            found[page] = len(queries)
    return found


@contextmanager
def collected_static_files() -> Iterator[None]:
    """Servers started meanwhile have them, as in production."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="cxplan-static-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "served_settings",
            "PYTHONPATH": str(ROOT / "benchmarks"),
            "BENCHMARK_STATIC_ROOT": folder,
        }
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
        try:
            subprocess.run(command, cwd=ROOT, check=True)
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


if __name__ == "__main__":
    main()
