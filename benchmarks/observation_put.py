"""Single `PUT observations/{id}/` over 8 connections, against a plain psycopg loop. Prints JSON.

    python benchmarks/observation_put.py

The 8 kept-alive connections are shared out over two server processes; the loop writes over one
connection, one transaction per observation. Then the same documents are sent again. The sides
alternate within each round, and each ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from plain_loop import rows_of_one, write_plainly
from stand import Sender, Stand, make_document, stand

ROUNDS = 7
CONNECTIONS = 8
COUNT = 200
SERVERS = 2

Request = tuple[str, bytes]


def main() -> None:
    chance = random.Random(2)
    with stand(servers=SERVERS) as one:
        rows = rows_of_one(one.dsn)
        senders = [Sender(one, one.ports[n % SERVERS]) for n in range(CONNECTIONS)]
        _round(one, senders, chance)
        write_plainly(one.dsn, rows, COUNT)
        rounds = [
            (*_round(one, senders, chance), write_plainly(one.dsn, rows, COUNT))
            for _ in range(ROUNDS)
        ]
    ratios = [loop / first for first, _again, loop in rounds]
    repeats = [first / again for first, again, _loop in rounds]
    found = {
        "ratio": round(statistics.median(ratios), 2),
        "goal": 0.4,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "again_to_first": round(statistics.median(repeats), 2),
        "again_to_first_goal": 1,
        "again_to_first_ratios": [round(ratio, 2) for ratio in repeats],
        "first_per_second": _rate([first for first, _again, _loop in rounds]),
        "again_per_second": _rate([again for _first, again, _loop in rounds]),
        "loop_per_second": _rate([loop for _first, _again, loop in rounds]),
        "connections": CONNECTIONS,
        "server_processes": SERVERS,
    }
    print(json.dumps(found, indent=2))


def _round(one: Stand, senders: list[Sender], chance: random.Random) -> tuple[float, float]:
    """Seconds for new documents, and for the same ones again."""
    requests = new_requests(one, chance)
    return put(senders, requests, expect=201), put(senders, requests, expect=200)


def new_requests(one: Stand, chance: random.Random) -> list[Request]:
    documents = [make_document(chance) for _ in range(COUNT)]
    return [
        (one.path(f"{document['id']}/"), json.dumps(document).encode()) for document in documents
    ]


def put(senders: list[Sender], requests: list[Request], *, expect: int) -> float:
    def send_share(number: int) -> None:
        for path, body in requests[number :: len(senders)]:
            senders[number].send("PUT", path, body, expect=expect)

    with ThreadPoolExecutor(len(senders)) as pool:
        started = time.perf_counter()
        for finished in [pool.submit(send_share, number) for number in range(len(senders))]:
            finished.result()
        return time.perf_counter() - started


def _rate(seconds: list[float]) -> int:
    return round(COUNT / statistics.median(seconds))


if __name__ == "__main__":
    main()
