"""Peak memory of rebuilding, exporting and importing 1,000,000 observations. Prints JSON.

    python benchmarks/memory.py [--count 1000000]

Each is the command that people run, in a process of its own: `rebuild_scores`, `export_programme
--with-observations` into a file, and `load_programme` of that file under another address. What is
measured is the process's largest resident set, as the kernel counted it; the ratio is the largest of
the three over 500 MB. PostgreSQL is not counted: the largest private memory of one of its processes
is quoted, sampled every half second.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from stand import ROOT, stand
from stored import count_asked_for, make_databases, megabytes, using

LIMIT_MB = 500
AGAIN = "bench-again"
# Runs a command and says its peak last. The kernel also counts to a process what the one that
# started it held at that moment: hence a small one between, for this one has filled databases.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def main() -> None:
    count = count_asked_for(__doc__)
    with stand(servers=0) as one:
        (dsn,) = make_databases(one, [count])
        print(json.dumps(measure(dsn), indent=2))


def measure(dsn: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="cxplan-memory-") as folder:
        file = Path(folder) / "bundle.json"
        found = {
            "rebuild": _run(dsn, ["rebuild_scores"]),
            "export": _run(dsn, ["export_programme", "bench", "--with-observations"], into=file),
            "import": _run(dsn, ["load_programme", str(file), "--as", AGAIN]),
        }
        size = file.stat().st_size
    nothing = _run(dsn, ["rebuild_scores", "--help"])
    worst = max(one["peak_mb"] for one in found.values())
    return {
        "ratio": round(worst / LIMIT_MB, 2),
        "goal": 1,
        "limit_mb": LIMIT_MB,
        **found,
        "a_command_that_does_nothing": nothing["peak_mb"],
        "file_mb": round(size / 1e6),
        "observations": _observations(dsn),
        "database_mb": megabytes(dsn),
    }


def _run(dsn: str, command: list[str], into: Path | None = None) -> dict[str, float]:
    """Peak in MB (10^6 bytes) and seconds of `manage.py` with these arguments."""
    arguments = [sys.executable, "-c", _MEASURED, sys.executable, "manage.py", *command]
    started = time.perf_counter()
    with (into or Path(os.devnull)).open("wb") as output, _watching_postgresql(dsn) as seen:
        environment = {**os.environ, "DATABASE_URL": dsn}
        done = subprocess.run(
            arguments,
            check=False,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stderr}")
    return {
        "peak_mb": round(int(done.stderr.split()[-1]) * 1024 / 1e6),
        "seconds": round(time.perf_counter() - started, 1),
        "postgresql_mb": max(seen, default=0),
    }


@contextmanager
def _watching_postgresql(dsn: str) -> Iterator[list[int]]:
    """Collects the private MB of the server's largest process."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
    assert server is not None
    seen: list[int] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            for child in server.children():
                with suppress(psutil.Error):
                    seen.append(round(child.memory_full_info().uss / 1e6))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def _observations(dsn: str) -> dict[str, int]:
    from journeys.models import Programme

    with using(dsn):
        return {one.slug: one.observations.count() for one in Programme.objects.all()}


if __name__ == "__main__":
    main()
