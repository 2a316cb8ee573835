"""Bundles for tests, and what is asked of them again and again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from cxplan.bundle import export_bundle, load_bundle, parse_bundle
from journeys.models import Programme

DATA = Path(__file__).with_name("data")
EX1 = DATA / "ex1.bundle.json"
NASTY = DATA / "nasty.bundle.json"


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def load(path: Path, slug: str = "") -> Programme:
    return load_bundle(bundle=parse_bundle(path.read_bytes()), slug=slug)


def exported(programme: Programme, *, with_observations: bool = True) -> str:
    return "".join(export_bundle(programme, with_observations=with_observations))


def exported_from_empty(text: str, slug: str = "") -> str:
    """The export of `text` loaded beside nothing else; the database is as before afterwards."""
    with transaction.atomic():
        programme = load_bundle(bundle=parse_bundle(text.encode()), slug=slug)
        again = exported(programme)
        transaction.set_rollback(True)
    return again


def row_counts() -> dict[str, int]:
    """Every table of the project, many-to-many ones included."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._base_manager.count() for model in models}
