"""`manage.py catalogue`: the French catalogue follows the code, without GNU gettext."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxplan.catalogue import ROOT, find_problems, update_catalogues


class Command(BaseCommand):
    help = "Update and compile the French catalogue; with --check, change nothing and report."
    # It reads files only, and must also run while the code's own checks fail.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="exit 1 on any missing, fuzzy or out-of-date entry, or other placeholders",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            for path in update_catalogues():
                self.stdout.write(f"updated {path.relative_to(ROOT)}")
        problems = find_problems()
        for problem in problems:
            self.stderr.write(problem)
        if check and problems:
            raise CommandError(f"The catalogue has {len(problems)} problems.")
