"""Rows that somebody deletes, on a connection of their own, while another saves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from journeys.deleting import delete_row
from journeys.models import Programme


def elsewhere(work: Callable[[], object]) -> None:
    """On a connection of its own, and done before this one goes on."""
    done: list[bool] = []

    def run() -> None:
        try:
            work()
            done.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert done


class Meanwhile:
    """`meanwhile(module, name, row)`: as `name` begins, after all was checked, `row` goes."""

    def __init__(self, patch: pytest.MonkeyPatch, programme: Programme, actor: User) -> None:
        self.patch, self.programme, self.actor = patch, programme, actor

    def __call__(self, module: Any, name: str, row: Any) -> None:
        use_case = getattr(module, name)

        def overtaken(**given: Any) -> Any:
            elsewhere(lambda: delete_row(row=row, programme=self.programme, actor=self.actor))
            return use_case(**given)

        self.patch.setattr(module, name, overtaken)
