"""Steps 1 and 2 of the method: who is looked at, and the journeys they live."""

from journeys.models.audit import AuditEntry
from journeys.models.comments import Comment, Mention
from journeys.models.documents import Document
from journeys.models.editing import MapEdit
from journeys.models.journey import Choice, Criterion, Journey, Need, Stage, Touchpoint
from journeys.models.people import Invitation, Membership, Role
from journeys.models.perimeter import Channel, Location, Segment, Wave
from journeys.models.programme import Method, Programme
from journeys.models.sharing import ShareLink
from journeys.models.snapshots import Snapshot

__all__ = [
    "AuditEntry",
    "Channel",
    "Choice",
    "Comment",
    "Criterion",
    "Document",
    "Invitation",
    "Journey",
    "Location",
    "MapEdit",
    "Membership",
    "Mention",
    "Method",
    "Need",
    "Programme",
    "Role",
    "Segment",
    "ShareLink",
    "Snapshot",
    "Stage",
    "Touchpoint",
    "Wave",
]
