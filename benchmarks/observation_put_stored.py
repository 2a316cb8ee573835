"""Single `PUT observations/{id}/` with 100,000 observations stored, against none. Prints JSON.

    python benchmarks/observation_put_stored.py

Two databases of one cluster hold the same programme, one of them with 100,000 observations and their
folded cells. Each has a server process of its own and 4 kept-alive connections. The sides alternate
within each round, and the ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import json
import random
import statistics
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import psycopg
from observation_put import COUNT, new_requests, put
from psycopg import sql
from stand import Sender, Stand, stand
from stored import make_databases, serving

ROUNDS = 9
CONNECTIONS = 4
STORED = 100_000


def main() -> None:
    chance = random.Random(4)
    with stand(servers=0) as one, ExitStack() as stack:
        (full,) = make_databases(one, [STORED])
        senders = []
        for dsn in (full, _emptied(one)):
            port = stack.enter_context(serving(dsn))
            senders.append([Sender(one, port) for _ in range(CONNECTIONS)])
        _round(one, senders, chance)
        rounds = [_round(one, senders, chance) for _ in range(ROUNDS)]
    ratios = [empty / stored for stored, empty in rounds]
    found = {
        "ratio": round(statistics.median(ratios), 2),
        "goal": 0.9,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "stored_per_second": round(COUNT / statistics.median([stored for stored, _ in rounds])),
        "empty_per_second": round(COUNT / statistics.median([empty for _, empty in rounds])),
        "stored": STORED,
        "connections": CONNECTIONS,
    }
    print(json.dumps(found, indent=2))


def _emptied(one: Stand) -> str:
    """The same programme in a database of its own, without an observation."""
    name = "stored_none"
    with psycopg.connect(one.dsn, autocommit=True) as keeper:
        database = keeper.info.dbname
    dsn = urlunsplit(urlsplit(one.dsn)._replace(path=f"/{name}"))
    with psycopg.connect(dsn.replace(f"/{name}", "/postgres"), autocommit=True) as keeper:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        keeper.execute(command.format(sql.Identifier(name), sql.Identifier(database)))
    with psycopg.connect(dsn, autocommit=True) as connection:
        # As new: after a VACUUM of empty tables every plan would read them whole, and go on so.
        connection.execute("TRUNCATE observations_observation, scoring_stagecell CASCADE")
    return dsn


def _round(one: Stand, senders: list[list[Sender]], chance: random.Random) -> tuple[float, float]:
    """Seconds with 100,000 stored and with none; who goes first is drawn."""
    seconds = [0.0, 0.0]
    for side in chance.sample((0, 1), 2):
        seconds[side] = put(senders[side], new_requests(one, chance), expect=201)
    return seconds[0], seconds[1]


if __name__ == "__main__":
    main()
