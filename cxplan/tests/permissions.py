"""The addresses of the site as a whole."""

from __future__ import annotations

from accounts.tests.permission_rows import EVERYBODY_200, LOGGED_IN_200, Row

ROWS = [
    Row("javascript-catalog", "GET", (), EVERYBODY_200),
    Row("api-schema", "GET", (), "401 200 200 200 200 200 200 200 200 200"),
    Row("api-docs", "GET", (), LOGGED_IN_200),
    Row("api-programme-list", "GET", (), "401 200 200 200 200 200 200 200 200 200"),
    Row("api-bundle", "GET", ("casa-nord",), "401 404 200 403 403 403 403 403 403 200"),
]
