"""`manage.py rebuild_scores [SLUG] [--check]`: recompute every cell, or say whether one is wrong."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from journeys.models import Programme
from observations.folding import differing_cells, fold_pending, rebuild_cells
from scoring.models import Framework


class Command(BaseCommand):
    help = "Recompute the cells that scores are read from; with --check, change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="one programme; all of them without it")
        parser.add_argument("--check", action="store_true", help="exit 1 on any difference")

    def handle(self, *args: Any, slug: str | None, check: bool, **options: Any) -> None:
        frameworks = Framework.objects.published().select_related("journey__programme")
        if slug is not None:
            if not Programme.objects.filter(slug=slug).exists():
                raise CommandError(f"No programme has the address {slug}.")
            frameworks = frameworks.filter(journey__programme__slug=slug)
        if check:
            self._check(list(frameworks))
            return
        for framework in frameworks:
            rebuild_cells(framework)
            self.stdout.write(f"Rebuilt {framework}.")
        fold_pending()

    def _check(self, frameworks: list[Framework]) -> None:
        wrong = 0
        for framework in frameworks:
            for cell in differing_cells(framework):
                wrong += 1
                self.stderr.write(f"{framework}: {cell}")
        if wrong:
            raise CommandError(f"{wrong} cells differ from a rebuild.")
        self.stdout.write(f"{len(frameworks)} framework versions checked: no difference.")
