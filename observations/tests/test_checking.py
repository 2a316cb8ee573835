from __future__ import annotations

import logging

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from journeys.models import Programme
from observations.folding import fold_pending
from observations.tasks import check_cells
from observations.tests.factories import submit
from scoring.models import Framework, StageCell


def test_the_nightly_check_raises_an_alarm_and_repairs_nothing(
    programme: Programme,
    framework: Framework,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.ADMINS = [("", "root@example.com")]
    submit(programme)
    fold_pending()
    submit(programme)  # what waits in the outbox is no fault
    assert check_cells() == 0
    assert mail.outbox == []
    StageCell.objects.filter(stage=None).update(n=7)
    with caplog.at_level(logging.ERROR):
        assert check_cells() == 1
    assert "1 cells of casa-nord" in caplog.text
    assert "rebuild_scores casa-nord" in mail.outbox[0].body
    assert StageCell.objects.get(stage=None).n == 7
