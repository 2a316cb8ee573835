"""`manage.py export_programme SLUG`: the programme as a bundle, on standard output."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxplan.bundle import export_bundle
from journeys.models import Programme


class Command(BaseCommand):
    help = "Write a programme bundle to standard output: what load_programme reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument(
            "--with-observations", action="store_true", help="and what was observed and read"
        )

    def handle(self, *args: Any, slug: str, with_observations: bool, **options: Any) -> None:
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None:
            raise CommandError(f"There is no programme {slug}.")
        if hasattr(self.stdout, "reconfigure"):  # a bundle is UTF-8, whatever the terminal is
            self.stdout.reconfigure(encoding="utf-8", newline="\n")
        for piece in export_bundle(programme, with_observations=with_observations):
            self.stdout.write(piece, ending="")
