"""What the clock asks for, a worker knows."""

from __future__ import annotations

from django.conf import settings

from cxplan.celery import app


def test_every_scheduled_task_is_one_that_a_worker_knows() -> None:
    app.loader.import_default_modules()
    asked = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked <= set(app.tasks)
    assert "actionplans.tasks.close_due_measures" in asked
