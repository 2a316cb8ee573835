"""The nightly check: cells against a rebuild. It raises an alarm and never repairs in silence."""

from __future__ import annotations

import logging

from django.core.mail import mail_admins

from observations.folding import differing_cells
from scoring.models import Framework

logger = logging.getLogger(__name__)

SHOWN = 20


def alarm_on_differences() -> int:
    """The number of cells that differ; each framework version concerned is logged and mailed.

    `rebuild_scores` mends them once somebody has looked: a difference is a fault of the software
    or of the database, and a silent repair would hide it.
    """
    total = 0
    for framework in Framework.objects.published().select_related("journey__programme"):
        wrong = differing_cells(framework)
        if wrong:
            total += len(wrong)
            slug = framework.journey.programme.slug
            subject = f"{len(wrong)} cells of {slug}, {framework}, differ from a rebuild"
            logger.error(subject)
            lines = [str(cell) for cell in wrong[:SHOWN]]
            lines.append(f"Look first, then run: python manage.py rebuild_scores {slug}")
            mail_admins(subject, "\n".join(lines), fail_silently=True)
    return total
