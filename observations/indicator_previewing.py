"""What a large table would do, found out by a worker; its page shows it once it is there.

A small table is read whenever its page is looked at. What was found in a large one is kept with it,
in the language of who asked, and is as old as it says: importing reads the table anew.
"""

from __future__ import annotations

import logging
from functools import partial

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation

from accounts.models import User
from observations.indicator_applying import claim, is_large
from observations.indicator_findings import Findings
from observations.indicator_imports import NotHeld, hold_table, preview
from observations.models import ImportRun, IndicatorDefinition

logger = logging.getLogger(__name__)
READING = ImportRun.State.READING


@transaction.atomic
def take_table(
    *, definition: IndicatorDefinition, text: str, source: str, actor: User, language: str
) -> ImportRun:
    """Keeps the text; a large one is left to a worker to read."""
    run = hold_table(definition=definition, text=text, source=source, actor=actor)
    if is_large(run):
        ask_to_read(run=run, language=language)
    return run


@transaction.atomic
def ask_to_read(*, run: ImportRun, language: str) -> None:
    """What was found before is dropped: it may no longer be so. Raises NotHeld."""
    from observations.tasks import announce_reading

    asked = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.HELD).update(
        state=READING,
        asked_at=timezone.now(),
        begun_at=None,
        has_failed=False,
        found=None,
        read_at=None,
        language=language,
    )
    if not asked:
        raise NotHeld(run)
    transaction.on_commit(partial(announce_reading, run.pk))


@transaction.atomic
def take_to_current(*, run: ImportRun, language: str) -> None:
    """A table of a closed edition is one of the newest from now on, and read as such. Raises NotHeld."""
    definitions = IndicatorDefinition.objects.current().filter(programme=run.programme_id)
    newest = definitions.get(key=run.definition.key)
    held = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.HELD)
    if not held.update(definition=newest, found=None, read_at=None, has_failed=False):
        raise NotHeld(run)
    if is_large(run):
        ask_to_read(run=run, language=language)


def read_asked(pk: int) -> bool:
    """False where another worker has it, where it was discarded meanwhile, or where it can't be read."""
    if not claim(pk, READING):
        return False
    reading = ImportRun.objects.filter(pk=pk, state=READING)
    run = reading.select_related("definition", "programme").first()
    if run is None:
        return False
    try:
        with translation.override(run.language or settings.LANGUAGE_CODE):
            found = Findings.of(preview(run)).as_document()
    except OperationalError:
        reading.update(begun_at=None)  # for the task's next try
        raise
    except Exception:
        # Whatever it was, the person is told, and the log holds why.
        logger.exception("Import %s could not be read", pk)
        reading.update(state=ImportRun.State.HELD, has_failed=True)
        return False
    done = {"state": ImportRun.State.HELD, "found": found, "read_at": timezone.now()}
    return reading.filter(~Q(begun_at=None)).update(**done) == 1


def findings_of(run: ImportRun, *, most_faults: int | None = None) -> Findings | None:
    """Of a held table; None where it is large and was not read yet."""
    if run.found is not None:
        return Findings.from_document(run.found)
    if is_large(run):
        return None
    return Findings.of(preview(run), most_faults=most_faults)
