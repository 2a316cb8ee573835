"""The four benchmarks at 1,000,000 observations, one after the other on one filling of the databases.

    python benchmarks/at_scale.py [--count 1000000]

Prints JSON: what dashboard.py, rebuild_scores.py, fold.py and memory.py print, by name.
"""

from __future__ import annotations

import json

import dashboard
import fold
import memory
import rebuild_scores
from stand import stand
from stored import FEW, count_asked_for, make_databases


def main() -> None:
    count = count_asked_for(__doc__)
    with stand(servers=0) as one:
        few, many = make_databases(one, [FEW, count])
        found = {
            "dashboard": dashboard.measure(few, many),
            "rebuild_scores": rebuild_scores.measure(many),
            "fold": fold.measure(few, many),
            "memory": memory.measure(many),
        }
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
