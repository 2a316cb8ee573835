"""`manage.py generate_observations SLUG --count N`: made-up observations through the real door."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxplan.synthetic_observations import NothingToObserve, synthetic_observations
from journeys.models import Programme
from observations.bundle import BATCH
from observations.folding import fold_pending
from observations.intake import Outcome, submit_observations


class Command(BaseCommand):
    help = "Make up plausible observations. The same seed on the same day makes the same ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--count", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--locations", type=int, metavar="K", help="only the K with the largest shares"
        )

    def handle(
        self,
        *args: Any,
        slug: str,
        count: int,
        seed: int,
        locations: int | None,
        **options: Any,
    ) -> None:
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None:
            raise CommandError(f"There is no programme {slug}.")
        if count < 1:
            raise CommandError("--count is 1 or more.")
        try:
            documents = synthetic_observations(
                programme, count=count, seed=seed, locations=locations
            )
        except NothingToObserve as reason:
            raise CommandError(f"Nothing can be observed in {slug}. {reason}") from reason
        created = done = 0
        while batch := list(islice(documents, BATCH)):
            outcomes = submit_observations(
                programme=programme, documents=batch, user=None, hold=False
            )
            _refuse_failures(outcomes, done)
            created += sum(outcome.status == "created" for outcome in outcomes)
            done += len(batch)
            self.stderr.write(f"{done} of {count}")
        fold_pending()
        known = f", {count - created} were there already" if created < count else ""
        self.stdout.write(f"{created} observations in {slug}{known}.")


def _refuse_failures(outcomes: list[Outcome], before: int) -> None:
    """The door may refuse, for instance a method that is there as readings: said, not skipped."""
    lines = [
        f"/{number}{error['path']}: {error['detail']}"
        for number, outcome in enumerate(outcomes, before)
        if outcome.status not in ("created", "unchanged")
        for error in outcome.errors
    ]
    if lines:
        raise CommandError("\n".join([f"{len(lines)} errors after {before}:", *lines]))
