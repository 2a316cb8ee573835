"""The product's settings for a server whose pages are measured: static files collected elsewhere."""

import os
from pathlib import Path

from cxplan.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCHMARK_STATIC_ROOT"])
