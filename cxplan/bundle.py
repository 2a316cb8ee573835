"""The programme bundle: one JSON document in, the same one out. Apps are walked from left to right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from cxplan.bundle_schema import find_shape_errors
from journeys import bundle as journeys
from journeys.audit import record
from journeys.bundle import BundleError, Part, UnacceptableBundle
from journeys.models import Membership, Programme, Role
from observations import bundle as observations
from observations.folding import fold_pending
from scoring import bundle as scoring

FORMAT, VERSION = "cxplan.programme", 1


# --- in --------------------------------------------------------------------------------------
def parse_bundle(data: bytes) -> Part:
    """The document in a file, of the schema's shape; raises UnacceptableBundle with every error."""
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repeats,
        )
    except UnicodeDecodeError as error:
        raise _unreadable(
            f"The file is not UTF-8: {error.reason} at byte {error.start}."
        ) from error
    except json.JSONDecodeError as error:
        detail = f"Not JSON, line {error.lineno}, column {error.colno}: {error.msg}."
        raise _unreadable(detail) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"Not JSON that can be read: {error}.") from error
    errors = list(find_shape_errors(document))
    if errors:
        raise UnacceptableBundle(errors)
    bundle: Part = document
    return bundle


def _unreadable(detail: str) -> UnacceptableBundle:
    return UnacceptableBundle([BundleError("/", detail)])


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} is twice in one object")
        found[key] = value
    return found


def load_bundle(*, bundle: Part, owner: User | None = None, slug: str = "") -> Programme:
    """A new programme from a bundle of the schema's shape, all or nothing; `owner` becomes its lead.

    Raises UnacceptableBundle with every breach of the rules; once those hold, with every
    observation that the door refuses. Its scores are folded when this returns, unless the caller
    holds a transaction: then as soon as that has committed.
    """
    slug = slug or bundle["programme"]["slug"]
    errors = list(_find_errors(bundle, slug))
    if errors:
        raise UnacceptableBundle(errors)
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


def submit_all(*, programme: Programme, documents: list[Part], user: User | None) -> None:
    """Every document through the door; raises UnacceptableBundle unless all were created."""
    errors = observations.submit_documents(programme=programme, documents=documents, user=user)
    if errors:
        raise UnacceptableBundle(errors)


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
    """The document in pieces, always the same for the same programme: an observation a line."""
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
