"""Celery: folds observations as they arrive; eager after commit where no REDIS_URL is set."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxplan.settings")
TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "cxplan.broker:Transport"))

app = Celery("cxplan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
