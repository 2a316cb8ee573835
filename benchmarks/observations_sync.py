"""`POST observations/sync/` through a real server, against a plain psycopg loop. Prints JSON.

    python benchmarks/observations_sync.py

One connection on either side. The sides alternate within each round; the ratio is the median of
the rounds' ratios, observations a second of the server over those of the loop.
"""

from __future__ import annotations

import json
import random
import statistics
import time

from plain_loop import rows_of_one, write_plainly
from stand import Sender, Stand, make_document, stand

ROUNDS = 7
CALLS = 10
SIZE = 50


def main() -> None:
    chance = random.Random(1)
    with stand(servers=1) as one:
        rows = rows_of_one(one.dsn)
        sender = Sender(one, one.ports[0])
        _sync(one, sender, chance)
        write_plainly(one.dsn, rows, SIZE)
        rounds = [
            (_sync(one, sender, chance), write_plainly(one.dsn, rows, CALLS * SIZE))
            for _ in range(ROUNDS)
        ]
    ratios = [loop / server for server, loop in rounds]
    found = {
        "ratio": round(statistics.median(ratios), 2),
        "goal": 1.2,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "server_per_second": _rate([server for server, _loop in rounds]),
        "loop_per_second": _rate([loop for _server, loop in rounds]),
        "observations_a_call": SIZE,
        "observations_a_round": CALLS * SIZE,
    }
    print(json.dumps(found, indent=2))


def _sync(one: Stand, sender: Sender, chance: random.Random) -> float:
    """Seconds for all calls of a round; making the documents is not the server's time."""
    bodies = [
        json.dumps({"observations": [make_document(chance) for _ in range(SIZE)]}).encode()
        for _ in range(CALLS)
    ]
    started = time.perf_counter()
    answers = [sender.send("POST", one.path("sync/"), body, expect=200) for body in bodies]
    seconds = time.perf_counter() - started
    statuses = {result["status"] for answer in answers for result in answer["results"]}
    if statuses != {"created"}:
        raise RuntimeError(f"not all were created: {statuses}")
    return seconds


def _rate(seconds: list[float]) -> int:
    return round(CALLS * SIZE / statistics.median(seconds))


if __name__ == "__main__":
    main()
