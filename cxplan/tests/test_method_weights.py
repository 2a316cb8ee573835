"""Every method has a default weight."""

from __future__ import annotations

from journeys import method_weights
from journeys.models import Method


def test_every_method_has_a_default_weight() -> None:
    assert set(method_weights.DEFAULT_METHOD_WEIGHTS) == set(Method.values)
