"""The flat feed of scores and gaps, as a table and page by page."""

from __future__ import annotations

import csv
import hashlib
import io
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import api_view, authentication_classes
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import TokenAuthentication
from accounts.models import User
from alerts.api.authentication import FeedAuthentication
from alerts.api.serializers import FeedPage
from alerts.feed import COLUMNS, PARAMETERS, Asked, Place, block_rows, in_order, read_feed, rows_of
from alerts.models import FeedToken
from journeys.access import enter_as
from journeys.rights import Right
from observations.api.serializers import Problem
from observations.selection import BadSelection

CHUNK = 64_000
# Columns that hold nothing but numbers, some of them below zero; all others are guarded as text.
NUMBERS = frozenset(
    {
        "stage_number",
        "framework_version",
        "n",
        "score",
        "score_low",
        "score_high",
        "target",
        "gap",
        "gap_low",
        "gap_high",
        "pending",
    }
)
_SAID = {
    "journey": "A journey's key; all of the perimeter without it.",
    "wave": "A wave's key, or `all` for the months together; each of them without it.",
    "place": f"{', '.join(Place.values)}; several separated by commas; each of them without it.",
    "method": "One method, or several separated by commas; all together without it.",
}
FEED = [
    OpenApiParameter(name, str, OpenApiParameter.QUERY, description=_SAID[name])
    for name in PARAMETERS
]
READERS = [FeedAuthentication, TokenAuthentication, SessionAuthentication]


@extend_schema(
    parameters=[
        *FEED,
        OpenApiParameter("page", int, OpenApiParameter.QUERY, description="From 1 on."),
    ],
    responses={200: FeedPage, 304: None, 400: Problem, 404: Problem},
    description=(
        "One page a journey and wave: `next` is the address of the next one. `ETag` is that of the "
        "page; with `If-None-Match` the answer is 304 while its figures are the same."
    ),
)
@api_view(["GET"])
@authentication_classes(READERS)
def feed_json(request: Request, slug: str) -> Response:
    asked = _asked(request, slug)
    number = _page_number(request, len(asked.blocks))
    rows = list(block_rows(asked, asked.blocks[number - 1])) if asked.blocks else []
    page = {"rows": rows, "next": _next(request, number, len(asked.blocks))}
    tag = f'"{hashlib.sha256(repr(page).encode()).hexdigest()[:32]}"'
    if _is_known(request, tag):
        return Response(status=304, headers={"ETag": tag})
    return Response(page, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


@extend_schema(
    parameters=FEED,
    responses={
        (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "UTF-8, commas, points in decimals."),
        304: None,
        (400, "application/json"): Problem,
        (404, "application/json"): Problem,
    },
    description="The whole table, streamed, never a half of one. Columns: " + ", ".join(COLUMNS),
)
@api_view(["GET"])
@authentication_classes(READERS)
def feed_csv(request: Request, slug: str) -> HttpResponseBase:
    """Written to the end before the first byte leaves, so that a table is whole and its tag is known."""
    packed, tag = _table(_asked(request, slug))
    if _is_known(request, tag):
        return Response(status=304, headers={"ETag": tag})
    chunks = (zlib.decompress(one) for one in packed)
    answer = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="scores.csv"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _asked(request: Request, slug: str) -> Asked:
    assert isinstance(request.user, User)
    token = request.auth
    if isinstance(token, FeedToken) and token.programme.slug != slug:
        raise Http404
    access = enter_as(request.user, slug, see=Right.SEE_SCORES)
    try:
        return read_feed(request.query_params, access)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad


def _page_number(request: Request, pages: int) -> int:
    word = request.query_params.get("page", "1")
    if not word.isdecimal() or len(word) > 6 or not 1 <= int(word) <= max(pages, 1):
        raise ValidationError({"page": f"1 to {max(pages, 1)}"})
    return int(word)


def _next(request: Request, number: int, pages: int) -> str | None:
    if number >= pages:
        return None
    kept = {name: request.query_params[name] for name in PARAMETERS if name in request.query_params}
    return request.build_absolute_uri("?" + urlencode(kept | {"page": str(number + 1)}))


def _is_known(request: Request, tag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return tag in {one.strip().removeprefix("W/") for one in known.split(",")}


def _table(asked: Asked) -> tuple[list[bytes], str]:
    """The table in packed pieces: it repeats itself, and takes little room so."""
    packed = []
    digest = hashlib.sha256()
    for piece in _lines(asked):
        digest.update(piece)
        packed.append(zlib.compress(piece, 1))
    return packed, f'"{digest.hexdigest()[:32]}"'


def _lines(asked: Asked) -> Iterator[bytes]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for row in rows_of(asked):
        writer.writerow([cell(*pair) for pair in zip(COLUMNS, in_order(row), strict=True)])
        if line.tell() > CHUNK:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
    yield line.getvalue().encode()


def cell(column: str, value: Any) -> Any:
    """Empty for null, true and false as in JSON; no text that a spreadsheet would run as a formula.

    A sign alone runs nothing: it is a certainty of which nothing can be said.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    is_formula = len(text) > 1 and text.startswith(("=", "+", "-", "@", "\t", "\r"))
    if is_formula and column not in NUMBERS:
        return f"'{text}"
    return value
