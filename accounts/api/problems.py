"""Errors of the API as RFC 9457 problem documents, with a path to each field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

FieldError = dict[str, str]


def problem(
    status: int, title: str, errors: list[FieldError] | None = None, **more: Any
) -> Response:
    """`application/problem+json`: `errors` holds `{"path": "/answers/i11", "detail": ...}`."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, **more}
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type="application/problem+json")


def flatten(detail: Any, path: str = "") -> list[FieldError]:
    """DRF's nested error detail as one list with a JSON pointer each."""
    if isinstance(detail, dict):
        return [
            error
            for key, value in detail.items()
            for error in flatten(value, path if key == "non_field_errors" else f"{path}/{key}")
        ]
    if isinstance(detail, list):
        if all(not isinstance(item, (dict, list)) for item in detail):
            return [{"path": path or "/", "detail": str(item)} for item in detail]
        return [e for i, item in enumerate(detail) for e in flatten(item, f"{path}/{i}")]
    return [{"path": path or "/", "detail": str(detail)}]


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: same status and headers, problem body."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied(*exc.args)
    plain = exception_handler(exc, context)
    if plain is None or not isinstance(exc, exceptions.APIException):
        return plain
    if isinstance(exc, exceptions.ValidationError):
        answer = problem(plain.status_code, str(exc.default_detail), flatten(exc.detail))
    else:
        answer = problem(plain.status_code, str(exc.detail))
    for name in ("WWW-Authenticate", "Retry-After"):
        if plain.has_header(name):
            answer[name] = plain[name]
    return answer
