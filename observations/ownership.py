"""Whose an observation is: the rule by which content and photos may be changed."""

from __future__ import annotations

from journeys.access import Access
from observations.device_access import DeviceAccess
from observations.models import Observation
from observations.repeats import Standing


def may_change(access: Access | None, row: Observation | Standing) -> bool:
    """An observer or a tablet changes own observations only; who sees all locations may change any.

    `access` None is the programme itself.
    """
    if access is None or access.observing_location_ids is None:
        return True
    if isinstance(access, DeviceAccess):
        return row.device_id == access.device.pk
    return row.uploaded_by_id == access.user.pk
