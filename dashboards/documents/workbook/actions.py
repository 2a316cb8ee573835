"""The plan of the journey: each action with its date, and whether it is late on the day of the workbook."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from actionplans.models import Action
from dashboards.documents.workbook.tables import Book, Column, Formula, Table, text


def actions_table(book: Book) -> Table:
    return Table(
        book,
        _("Actions"),
        [
            Column("title", _("Action"), width=44),
            Column("stage", _("Stage"), width=30),
            Column("status", _("Status"), width=14),
            Column("due", _("Due date")),
            Column("made", _("Made on")),
            Column("open", _("Open"), "formula", "whole"),
            Column("late", _("Late"), "formula", "whole"),
        ],
    )


def write_actions(table: Table, actions: Sequence[Action]) -> None:
    """Days as YYYY-MM-DD, which are in the order of time; whose action it is, is left out."""
    made = timezone.localdate().isoformat()
    labels = [text(str(Action.Status(status).label)) for status in Action.OPEN]
    for action in actions:
        status, due, today, is_open = (
            table.here(name, table.next_row) for name in ("status", "due", "made", "open")
        )
        states = ",".join(f"{status}={label}" for label in labels)
        table.add(
            {
                "title": action.title,
                "stage": action.stage.name,
                "status": str(action.get_status_display()),
                "due": action.due_on.isoformat(),
                "made": made,
                "open": Formula(f"IF(OR({states}),1,0)", int(action.is_open)),
                "late": Formula(f"IF(AND({is_open}=1,{due}<{today}),1,0)", int(action.is_late)),
            }
        )
