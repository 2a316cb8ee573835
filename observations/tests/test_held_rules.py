"""What the database itself refuses about held copies."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from journeys.models import Programme
from observations.models import HeldCopy
from observations.tests.factories import hold

pytestmark = pytest.mark.usefixtures("framework")


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "dismissed", "note": "", "decided_at": timezone.now()},
        {"decision": "another"},
        {"note": "Nobody decided"},
        {"decided_at": timezone.now()},
    ],
)
def test_the_database_keeps_decisions_whole(programme: Programme, wrong: dict[str, Any]) -> None:
    copy = hold(programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldCopy.objects.filter(pk=copy.pk).update(**wrong)
