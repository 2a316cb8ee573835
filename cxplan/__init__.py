"""The wiring: settings, URLs, Celery, the page frame, the bundle that walks the apps."""

import django_stubs_ext

from cxplan.celery import app as celery_app

# Lets `models.ForeignKey[Segment]` and friends be written at run time, as the type checker reads them.
django_stubs_ext.monkeypatch()

__all__ = ["celery_app"]
