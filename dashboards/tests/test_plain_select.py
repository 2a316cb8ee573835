"""The list of a filter is, to a browser, the one that Django draws."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from dashboards.filters import PlainSelect

CHOICES = [("", "All"), ("a", "A & B"), ("<x>", '"quoted"'), ("b", "É"), (3, "three")]
ATTRS = {"id": "id_n", "required": True, "aria-invalid": "true"}


@pytest.mark.parametrize("value", ["", None, "a", "<x>", "3", 3, "gone"])
def test_it_is_drawn_as_django_draws_it(value: Any) -> None:
    plain, known = (
        kind(attrs={"class": "form-select"}, choices=CHOICES).render("n", value, ATTRS)
        for kind in (PlainSelect, forms.Select)
    )
    assert parse_html(plain) == parse_html(known)
