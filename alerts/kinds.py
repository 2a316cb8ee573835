"""What people and programs may be told of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    DIGEST = "digest", _("Monthly digest")
    BROKEN_GATE = "broken_gate", _("Basics missed")
    CLASS_CHANGE = "class_change", _("Confirmed class changed")
    LATE_ACTION = "late_action", _("Action late")
