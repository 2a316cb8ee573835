"""One table of address x method x person -> status, gathered from each app's `tests/permissions.py`.

See `accounts/tests/permission_rows.py` for how an app adds its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.tests.permission_rows import Row
from journeys.models import Programme

APPS = (
    "accounts",
    "journeys",
    "scoring",
    "observations",
    "actionplans",
    "dashboards",
    "alerts",
    "cxplan",
)
# Addresses with a rule of their own, and who looks after it.
OWN_RULE = {
    "home": "a redirect to the programme list, whatever the method",
    "account_login": "allauth: opens a session",
    "account_logout": "allauth: ends the own session",
    "account_inactive": "allauth: says that the account is closed",
    "account_signup": "closed by accounts/adapter.py without an invitation",
    "account_reauthenticate": "allauth: the own password",
    "account_email": "closed: a redirect to the profile",
    "account_email_verification_sent": "allauth",
    "account_confirm_email": "allauth: the key of the mail",
    "account_change_password": "allauth: the own password",
    "account_set_password": "allauth: the own password",
    "account_reset_password": "allauth: a mail to the address typed",
    "account_reset_password_done": "allauth",
    "account_reset_password_from_key": "allauth: the key of the mail",
    "account_reset_password_from_key_done": "allauth",
    "account_confirm_login_code": "allauth: the code of the mail",
}


def _modules() -> Iterator[Any]:
    for app in APPS:
        name = f"{app}.tests.permissions"
        if find_spec(name) is not None:
            yield import_module(name)


def all_rows() -> list[Row]:
    return [row for module in _modules() for row in module.ROWS]


def prepare_all(programme: Programme) -> dict[str, Any]:
    """What the rows' "$..." arguments stand for, made by each app in turn."""
    world: dict[str, Any] = {}
    for module in _modules():
        made = module.prepare(programme) if hasattr(module, "prepare") else {}
        assert not world.keys() & made.keys(), f"{module.__name__} takes a name that is taken"
        world |= made
    return world


def site_names() -> set[str]:
    """The name of each address of the site, with its namespace; the route where it has none."""
    return set(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, namespace)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}" if entry.name else f"unnamed: {entry.pattern}"
