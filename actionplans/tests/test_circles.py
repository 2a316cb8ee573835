"""Waiting in a circle is found, whatever its length."""

from __future__ import annotations

from actionplans.circles import circle_through

CHAIN = [(1, 2), (2, 3), (3, 4), (2, 5), (5, 4)]


def test_no_way_back_is_no_circle() -> None:
    assert circle_through(CHAIN, 1, 4) is None
    assert circle_through([], 1, 2) is None


def test_the_shortest_circle_is_named() -> None:
    assert circle_through(CHAIN, 4, 1) in {(1, 2, 3, 4), (1, 2, 5, 4)}
    assert circle_through(CHAIN, 2, 1) == (1, 2)
    assert circle_through([], 7, 7) == (7,)


def test_a_circle_that_is_there_already_ends() -> None:
    assert circle_through([(1, 2), (2, 1)], 3, 1) is None
