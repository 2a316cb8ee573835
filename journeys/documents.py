"""Files that take a while: an app registers a kind, a person asks, a worker makes it, they fetch it.

A kind is a name and a function from what was asked for to a file; at the time of making it asks
`reader_of(document)` what the reader may see. Without Redis the worker's part runs at the end of the
request. `journeys/map_documents.py` shows how an app uses it, `journeys/views/documents.py` how it
sends people there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation

from accounts.models import User
from journeys.access import Access, access_of
from journeys.models import Document, Programme, ShareLink
from journeys.models.documents import FOLDER, LIFETIME
from journeys.rights import Right
from journeys.sharing import access_of_link

logger = logging.getLogger(__name__)

TRIES: Final = 2
# A worker that has made one for so long is taken for dead.
PATIENCE: Final = timedelta(minutes=10)
# Asked for twice so soon it is a double click: later something may have changed meanwhile.
DOUBLE_CLICK: Final = timedelta(seconds=3)
# Documents of one link within an hour, kept or printed at once: its readers are unknown.
MOST_OF_A_LINK: Final = 30
HOUR: Final = timedelta(hours=1)

ReportProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class MadeFile:
    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`make(document, report)` runs in the reader's language; `report(percent)` moves their bar.

    Whatever it raises fails the document.
    """

    key: str
    make: Callable[[Document, ReportProgress], MadeFile]


class TooManyDocuments(Exception):
    """The readers of a link have asked for as many as they may within an hour."""


_registry: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Raises ValueError if another kind has this key already."""
    if _registry.get(kind.key, kind) != kind:
        raise ValueError(f"two kinds of document are called {kind.key}")
    _registry[kind.key] = kind


@transaction.atomic
def ask_for_document(
    *,
    programme: Programme,
    kind: str,
    parameters: Mapping[str, Any],
    origin: str,
    asked_by: User | None = None,
    link: ShareLink | None = None,
) -> Document:
    """One to be made in the language of the moment; of a double click the first.

    Raises KeyError for a kind that no app has registered, TooManyDocuments for a link.
    """
    from journeys.tasks import announce_document

    wanted = {
        "programme": programme,
        "kind": _registry[kind].key,
        "parameters": dict(parameters),
        "language": translation.get_language() or "en",
        "asked_by": asked_by,
        "link": link,
    }
    recent = Document.objects.filter(**wanted, created_at__gt=timezone.now() - DOUBLE_CLICK)
    same = recent.filter(state__in=Document.UNFINISHED).first()
    if same is not None:
        return same
    if link is not None and _of_this_hour(link) >= MOST_OF_A_LINK:
        raise TooManyDocuments
    document = Document.objects.create(**wanted, origin=origin)
    transaction.on_commit(partial(announce_document, str(document.pk)))
    return document


def make(pk: UUID | str) -> bool:
    """Makes a document that waits; False where there is none, or where it could not be made."""
    if not _claim(pk):
        return False
    related = ("programme", "asked_by", "link__programme")
    document = Document.objects.select_related(*related).get(pk=pk)
    try:
        if document.asked_by is not None:
            Document.objects.filter(pk=pk).update(reach=reach_of(reader_of(document)))
        with translation.override(document.language):
            made = _registry[document.kind].make(document, _bar_of(document))
        _keep(document, made)
    except Exception:
        # What a maker may raise is its own; the reader is told, the log holds why.
        logger.exception("Document %s of kind %s could not be made", document.pk, document.kind)
        Document.objects.filter(pk=pk).update(state=Document.State.FAILED)
        return False
    return True


def sweep_documents() -> int:
    """Lets go what has expired, asks again for what a dead worker left; how many it touched."""
    from journeys.tasks import announce_document

    now = timezone.now()
    gone = _forget(Q(expires_at__lte=now)) + _forget_files_without_a_row()
    left = Document.objects.filter(
        Q(state="waiting", created_at__lt=now - timedelta(minutes=1))
        | Q(state="making", started_at__lt=now - PATIENCE)
    )
    given_up = left.filter(tries__gte=TRIES).update(state=Document.State.FAILED)
    again = list(left.filter(tries__lt=TRIES).values_list("pk", flat=True))
    for pk in again:
        announce_document(str(pk))
    return gone + given_up + len(again)


def reader_of(document: Document) -> Access:
    """With the rights of this moment: a role may be gone since it was asked for.

    Raises PermissionError where the link is closed by now.
    """
    if document.link is not None:
        if not document.link.is_open:
            raise PermissionError("the link is closed")
        return access_of_link(document.link)
    assert document.asked_by is not None, "a constraint"
    return access_of(document.asked_by, document.programme)


def reach_of(access: Access) -> dict[str, Any]:
    """The rights to see, and the locations whose scores and observations are read: None for all."""
    return {
        "rights": [
            str(right.name)
            for right in Right
            if str(right.name).startswith("SEE_") and access.may(right)
        ],
        "locations": _listed(access.reading_location_ids),
        "observations": _listed(access.observation_location_ids),
    }


def _listed(locations: frozenset[int] | None) -> list[int] | None:
    return None if locations is None else sorted(locations)


def may_still_read(document: Document, access: Access) -> bool:
    """Nothing that they could see when it was made has been taken from them since."""
    if not document.reach:
        return True
    then, now = document.reach, reach_of(access)
    if not set(then["rights"]) <= set(now["rights"]):
        return False
    # Those made by an earlier release say nothing of observations.
    of = [name for name in ("locations", "observations") if name in then]
    return all(_holds(now[name], then[name]) for name in of)


def _holds(now: list[int] | None, then: list[int] | None) -> bool:
    return now is None or (then is not None and set(then) <= set(now))


def count_printed_at_once(link: ShareLink) -> None:
    """One more of this hour without a row; raises TooManyDocuments where it is one too many."""
    key = _printed_key(link)
    cache.add(key, 0, HOUR.seconds)
    try:
        cache.incr(key)
    except ValueError:  # the hour ended just now
        cache.set(key, 1, HOUR.seconds)
    if _of_this_hour(link) > MOST_OF_A_LINK:
        raise TooManyDocuments


def _of_this_hour(link: ShareLink) -> int:
    since = timezone.now() - HOUR
    kept = Document.objects.filter(link=link, created_at__gt=since).count()
    return kept + int(cache.get(_printed_key(link), 0))


def _printed_key(link: ShareLink) -> str:
    return f"share-link-{link.digest[:16]}-printed"


def _claim(pk: UUID | str) -> bool:
    """One worker makes it, however often the message comes."""
    now = timezone.now()
    free = Q(state="waiting") | Q(state="making", started_at__lt=now - PATIENCE)
    claimed = Document.objects.filter(free, pk=pk, tries__lt=TRIES).update(
        state=Document.State.MAKING, started_at=now, progress=0, tries=F("tries") + 1
    )
    return claimed == 1


def _bar_of(document: Document) -> ReportProgress:
    def report(percent: int) -> None:
        Document.objects.filter(pk=document.pk).update(progress=max(0, min(100, percent)))

    return report


def _keep(document: Document, made: MadeFile) -> None:
    document.file.save(made.name, ContentFile(made.content), save=False)
    kept = Document.objects.filter(pk=document.pk).update(
        state=Document.State.READY,
        progress=100,
        file=document.file.name,
        file_name=made.name,
        content_type=made.content_type,
    )
    if not kept:  # the programme was deleted meanwhile
        document.file.delete(save=False)


def _forget(which: Q) -> int:
    """The row first: a file that stays is found by its name, a row without its file would lie."""
    documents = list(Document.objects.filter(which))
    for document in documents:
        document.delete()
        document.file.delete(save=False)
    return len(documents)


def _forget_files_without_a_row() -> int:
    """A programme is deleted without its files being looked at."""
    storage = Document._meta.get_field("file").storage
    if not storage.exists(FOLDER):
        return 0
    _folders, names = storage.listdir(FOLDER)
    old = [
        path
        for path in (f"{FOLDER}/{name}" for name in names)
        if storage.get_modified_time(path) < timezone.now() - LIFETIME
    ]
    kept = set(Document.objects.filter(file__in=old).values_list("file", flat=True))
    for path in set(old) - kept:
        storage.delete(path)
    return len(set(old) - kept)
