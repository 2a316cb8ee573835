"""The programme bundle: one JSON document in, the same one out. Apps are walked from left to right."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import BinaryIO

from django.db import IntegrityError, connection, transaction

from accounts.models import User
from cxplan.bundle_file import STREAMED, Kind, StreamedObservations, pieces_of
from cxplan.bundle_schema import find_observation_errors, find_shape_errors
from journeys import bundle as journeys
from journeys.audit import record
from journeys.bundle import BundleError, Part, UnacceptableBundle
from journeys.models import Membership, Programme, Role
from journeys.plain_text import plain_values
from observations import bundle as observations
from observations.bundle import MAX_ERRORS
from observations.folding import fold_pending
from scoring import bundle as scoring

FORMAT, VERSION = "cxplan.programme", 1


# --- in --------------------------------------------------------------------------------------
def parse_bundle(data: bytes) -> Part:
    """The document in `data`, of the schema's shape; raises UnacceptableBundle with every error."""
    bundle = read_bundle(io.BytesIO(data))
    bundle[STREAMED] = list(bundle[STREAMED])
    return bundle


def read_bundle(file: BinaryIO) -> Part:
    """`parse_bundle` for a file of any size, which has to stay open: it is gone through again.

    The method and the readings are in memory; the observations are those of the file, each time
    somebody iterates over them.
    """
    document: object = {}
    errors: list[BundleError] = []
    count = 0
    for piece in pieces_of(file):
        if piece.kind is Kind.OBSERVATION:
            if len(errors) <= MAX_ERRORS:
                errors += find_observation_errors(count, piece.value)
            count += 1
        elif isinstance(document, dict) and piece.kind is Kind.MEMBER:
            document[piece.key] = piece.value
        else:
            document = piece.value
    _refuse(chain(find_shape_errors(document), errors))
    assert isinstance(document, dict)
    bundle: Part = plain_values(document)
    if bundle != document:
        _refuse(find_shape_errors(bundle))  # a name of nothing else is none
    bundle[STREAMED] = StreamedObservations(file)
    return bundle


def _refuse(errors: Iterable[BundleError]) -> None:
    """Raises UnacceptableBundle if there is an error; of very many it has the first."""
    found = list(islice(errors, MAX_ERRORS + 1))
    if len(found) > MAX_ERRORS:
        found[-1] = BundleError("/", f"There are more errors; these are the first {MAX_ERRORS}.")
    if found:
        raise UnacceptableBundle(found)


def load_bundle(*, bundle: Part, owner: User | None = None, slug: str = "") -> Programme:
    """A new programme from a bundle of the schema's shape, all or nothing; `owner` becomes its lead.

    Raises UnacceptableBundle with every breach of the rules; once those hold, with every
    observation that the door refuses. Its scores are folded when this returns, unless the caller
    holds a transaction: then as soon as that has committed.
    """
    slug = slug or bundle["programme"]["slug"]
    _refuse(_find_errors(bundle, slug))
    with transaction.atomic():
        try:
            programme = journeys.create_programme(bundle=bundle, slug=slug)
        except IntegrityError as error:  # another load took the address since it was looked up
            raise UnacceptableBundle([_taken(slug)]) from error
        scoring.create_frameworks(programme=programme, bundle=bundle)
        observations.create_readings(programme=programme, bundle=bundle)
        submit_all(programme=programme, documents=bundle.get("observations", []), user=owner)
        scoring.settle_statuses(programme=programme, bundle=bundle)
        if owner is not None:
            Membership.objects.create(programme=programme, user=owner, role=Role.LEAD)
        record(programme=programme, actor=owner, verb="loaded", subject=programme)
        transaction.on_commit(fold_pending)
    return programme


def submit_all(*, programme: Programme, documents: Iterable[Part], user: User | None) -> None:
    """Every document through the door; raises UnacceptableBundle unless all were created."""
    _refuse(observations.submit_documents(programme=programme, documents=documents, user=user))


def _find_errors(bundle: Part, slug: str) -> Iterator[BundleError]:
    if Programme.objects.filter(slug=slug).exists():
        yield _taken(slug)
    yield from journeys.find_errors(bundle)
    yield from scoring.find_errors(bundle)
    yield from observations.find_errors(bundle)


def _taken(slug: str) -> BundleError:
    return BundleError("/programme/slug", f"There is a programme {slug!r} already.")


# --- out -------------------------------------------------------------------------------------
def export_bundle(programme: Programme, *, with_observations: bool = False) -> Iterator[str]:
    """The document in pieces, always the same for the same programme: an observation a line.

    All of it as it stands when the first piece is asked for, whatever is written meanwhile.
    """
    with _one_state():
        yield from _pieces_out(programme, with_observations=with_observations)


@contextmanager
def _one_state() -> Iterator[None]:
    """Every query inside sees the database at one moment, and no writer waits for it.

    Inside a transaction that is there already, that one decides what is seen.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django would begin as a writer (see the settings), and a slow reader would lock all out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _pieces_out(programme: Programme, *, with_observations: bool) -> Iterator[str]:
    frameworks = scoring.framework_parts(programme)
    method = {
        "format": FORMAT,
        "version": VERSION,
        **journeys.programme_part(programme),
        "journeys": [
            {**journey, "frameworks": frameworks.get(journey["key"], [])}
            for journey in journeys.journey_parts(programme)
        ],
    }
    yield json.dumps(method, ensure_ascii=False, indent=1).removesuffix("\n}")
    if with_observations:
        yield from _rows("observations", observations.observation_parts(programme))
        yield from _rows("readings", observations.reading_parts(programme))
    yield "\n}\n"


def _rows(name: str, parts: Iterable[Part]) -> Iterator[str]:
    yield f',\n "{name}": ['
    before = "\n  "
    for part in parts:
        yield before + json.dumps(part, ensure_ascii=False)
        before = ",\n  "
    yield "]" if before == "\n  " else "\n ]"
