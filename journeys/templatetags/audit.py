"""Audit entries as people read them: the verb and the fields in their language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from journeys.models import AuditEntry, MapEdit, Role

register = template.Library()

# What apps write by `record(verb=...)`; a verb that is not here is shown as written.
VERBS = {
    "created": pgettext_lazy("history", "Created"),
    "copied": pgettext_lazy("history", "Copied"),
    "changed": pgettext_lazy("history", "Changed"),
    "archived": pgettext_lazy("history", "Archived"),
    "restored": pgettext_lazy("history", "Restored"),
    "deleted": pgettext_lazy("history", "Deleted"),
    "added": pgettext_lazy("history", "Added"),
    "removed": pgettext_lazy("history", "Removed"),
    "invited": pgettext_lazy("history", "Invited"),
    "invited again": pgettext_lazy("history", "Invited again"),
    "revoked the invitation of": pgettext_lazy("history", "Revoked the invitation of"),
    "shared": pgettext_lazy("history", "Made a link for"),
    "revoked the link": pgettext_lazy("history", "Revoked the link for"),
    "made a code for": pgettext_lazy("history", "Made a code for"),
    "enrolled": pgettext_lazy("history", "Enrolled"),
    "revoked": pgettext_lazy("history", "Revoked"),
    "handed over": pgettext_lazy("history", "Handed over the lead of"),
    "published": pgettext_lazy("history", "Published"),
    "closed": pgettext_lazy("history", "Closed"),
    "signed off": pgettext_lazy("history", "Signed off the figures of"),
    "drafted": pgettext_lazy("history", "Drafted"),
    "edited": pgettext_lazy("history", "Edited"),
    "loaded": pgettext_lazy("history", "Loaded"),
    "prepared": pgettext_lazy("history", "Prepared"),
    "opened": pgettext_lazy("history", "Opened"),
    "took over": pgettext_lazy("history", "Took over the lead of"),
    "fixed the measure of": pgettext_lazy("history", "Fixed the measure of"),
    "kept the pattern": pgettext_lazy("history", "Kept the pattern"),
    "measured": pgettext_lazy("history", "Measured the effect of"),
    "planned": pgettext_lazy("history", "Planned"),
    "targeted": pgettext_lazy("history", "Changed the targets of"),
    "moved": pgettext_lazy("history", "Moved"),
    "undone": pgettext_lazy("history", "Took back"),
    "redone": pgettext_lazy("history", "Did again"),
    "updated": pgettext_lazy("history", "Updated the status of"),
    "excluded": pgettext_lazy("history", "Excluded"),
    "readmitted": pgettext_lazy("history", "Readmitted"),
    "cancelled": pgettext_lazy("history", "Cancelled"),
    "attached": pgettext_lazy("history", "Counted for a planned visit"),
    "detached": pgettext_lazy("history", "No longer counted for a planned visit"),
    "defined": pgettext_lazy("history", "Defined the indicator"),
    "renewed": pgettext_lazy("history", "Gave a new version to the indicator"),
    "counted": pgettext_lazy("history", "Counted"),
    "corrected": pgettext_lazy("history", "Corrected"),
    "imported": pgettext_lazy("history", "Imported"),
    "took back the import": pgettext_lazy("history", "Took back the import of"),
}
FIELDS = {
    "name": gettext_lazy("name"),
    "brand": gettext_lazy("brand"),
    "language": gettext_lazy("language"),
    "ambition": gettext_lazy("ambition"),
    "method_weights": gettext_lazy("method weights"),
    "remind_before_days": gettext_lazy("days before an action is due"),
    "escalate_after_days": gettext_lazy("days after an action was blocked"),
    "in_perimeter": gettext_lazy("in the perimeter"),
    "role": gettext_lazy("role"),
    "locations": gettext_lazy("locations"),
    "observer_code": gettext_lazy("observer code"),
    "lead": gettext_lazy("Lead"),
    "facilitator": gettext_lazy("Facilitator"),
    "participant": gettext_lazy("Participant"),
    "journeys": gettext_lazy("maps"),
    "source": gettext_lazy("copied from"),
    "status": gettext_lazy("status"),
    "title": gettext_lazy("action"),
    "owner": gettext_lazy("owner"),
    "due_on": gettext_lazy("due date"),
    "dimension": gettext_lazy("dimension"),
    "kind": gettext_lazy("kind"),
    "reach_bp": gettext_lazy("cases it can reach, %"),
    "effort_tenths": gettext_lazy("effort, person-days"),
    "cost_cents": gettext_lazy("cost"),
    "effect": gettext_lazy("effect"),
    "day_rate": gettext_lazy("day rate"),
    "reason": gettext_lazy("reason"),
    "counted_observations": gettext_lazy("observations counted"),
    "first_month": gettext_lazy("first month"),
    "last_month": gettext_lazy("last month"),
    "journey": gettext_lazy("journey"),
    "visits": gettext_lazy("planned visits"),
    "visit": gettext_lazy("planned visit"),
    "observations_wanted": gettext_lazy("observations wanted"),
    "quota": gettext_lazy("observations wanted"),
    "observer": gettext_lazy("observer"),
    "method": gettext_lazy("method"),
    "location": gettext_lazy("location"),
    "wave": gettext_lazy("wave"),
    "first_on": gettext_lazy("first day"),
    "last_on": gettext_lazy("last day"),
    "note": gettext_lazy("note"),
    "lockout_days": gettext_lazy("days between two mystery visits"),
    "remind_days": gettext_lazy("reminder, days before the end"),
    "edition": gettext_lazy("version"),
    "question": gettext_lazy("question, word for word"),
    "active_rule": gettext_lazy("who or what counts"),
    "direction": gettext_lazy("direction"),
    "currency": gettext_lazy("currency"),
    "target_hundredths": gettext_lazy("target, in hundredths"),
    "codir_rank": gettext_lazy("place on the executives' page"),
    "counts": gettext_lazy("counts"),
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "left_out": gettext_lazy("rows left out"),
    "removed": gettext_lazy("taken away"),
    "put_back": gettext_lazy("put back"),
}


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@register.simple_tag
def verb_of(entry: AuditEntry | MapEdit) -> str:
    return str(VERBS.get(entry.verb, entry.verb))


@register.filter
def changes_of(entry: AuditEntry) -> list[Change]:
    return [
        Change(str(FIELDS.get(name, name)), _shown(before), _shown(after))
        for name, (before, after) in entry.changes.items()
    ]


def _shown(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(dict(Role.choices).get(str(value), value))
