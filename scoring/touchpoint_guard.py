"""A touchpoint that a framework refers to stays in its stage: its interactions belong there."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils.translation import gettext as _

from journeys.models import Touchpoint
from scoring.models import Framework


def keep_stage_of_framed_touchpoints(
    row: models.Model, changed_fields: Collection[str]
) -> list[str]:
    """A guard of `journeys.guards`: names the framework versions that would break."""
    if not isinstance(row, Touchpoint) or not {"stage", "stage_id"} & set(changed_fields):
        return []
    framed = Framework.objects.filter(interactions__touchpoint=row).distinct()
    names = "; ".join(str(framework) for framework in framed.select_related("journey"))
    if not names:
        return []
    return [
        _("“%(touchpoint)s” has interactions in this stage (%(frameworks)s), and stays with them.")
        % {"touchpoint": row, "frameworks": names}
    ]
