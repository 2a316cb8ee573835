"""A person's own page is everybody's who is logged in."""

from __future__ import annotations

from accounts.tests.permission_rows import (
    LOGGED_IN_200,
    LOGGED_IN_404,
    Row,
)

ROWS = [
    Row("accounts:profile", "GET", (), LOGGED_IN_200),
    # An empty form changes nothing and is shown again.
    Row("accounts:profile", "POST", (), LOGGED_IN_200),
    Row("accounts:language", "POST", (), "400 400 400 400 400 400 400 400 400 400"),
    Row("accounts:token-create", "POST", (), LOGGED_IN_200),
    # Somebody else's token, or none at all.
    Row("accounts:token-revoke", "POST", ("0",), LOGGED_IN_404),
]
