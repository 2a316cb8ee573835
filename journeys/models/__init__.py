"""Steps 1 and 2 of the method: who is looked at, and the journeys they live."""

from journeys.models.audit import AuditEntry
from journeys.models.journey import Choice, Criterion, Journey, Need, Stage, Touchpoint
from journeys.models.people import Invitation, Membership, Role
from journeys.models.perimeter import Channel, Location, Segment, Wave
from journeys.models.programme import Method, Programme

__all__ = [
    "AuditEntry",
    "Channel",
    "Choice",
    "Criterion",
    "Invitation",
    "Journey",
    "Location",
    "Membership",
    "Method",
    "Need",
    "Programme",
    "Role",
    "Segment",
    "Stage",
    "Touchpoint",
    "Wave",
]
