"""Whether waiting would go round in a circle. Pure: numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable


def circle_through(
    waits: Iterable[tuple[int, int]], action: int, needs: int
) -> tuple[int, ...] | None:
    """The way from `needs` back to `action` along pairs (who waits, for whom), None without one.

    Such a way would close to a circle if `action` waited for `needs`. The shortest one.
    """
    following: dict[int, list[int]] = {}
    for one, other in waits:
        following.setdefault(one, []).append(other)
    came_from = {needs: needs}
    front = [needs]
    while front and action not in came_from:
        reached = []
        for one in front:
            for other in following.get(one, ()):
                if other not in came_from:
                    came_from[other] = one
                    reached.append(other)
        front = reached
    if action not in came_from:
        return None
    way = [action]
    while way[-1] != needs:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
