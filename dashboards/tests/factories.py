"""Plain makers of saved views for tests."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from dashboards.models import SavedView
from journeys.models import Programme


def make_view(programme: Programme, owner: User, name: str = "Paris", **fields: Any) -> SavedView:
    fields.setdefault("query", "journey=family-store&location=PAR1")
    return SavedView.objects.create(programme=programme, owner=owner, name=name, **fields)
