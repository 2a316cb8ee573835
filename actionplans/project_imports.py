"""The client's projects taken into the plan (R8): read row by row, previewed, then written once.

A project of the same title in the same stage is there already, so that the same file twice adds
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.models import Action, ActionUpdate
from actionplans.project_cells import plain, read_date, rows_of, text_again
from journeys.audit import record
from journeys.models import Channel, Programme, Stage
from observations.indicator_cells import Unreadable, read_money
from observations.indicator_file import Fault

MOST_ROWS: Final = 500
# Headings in both languages, as `plain` leaves them.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("project", "projet", "title", "titre", "action"),
    "stage": ("stage", "etape"),
    "journey": ("journey", "parcours"),
    "owner": ("owner", "porteur", "responsable", "pilote"),
    "start_on": ("start", "debut", "startdate", "datededebut"),
    "due_on": ("due", "echeance", "end", "fin", "duedate", "datedefin"),
    "status": ("status", "statut", "etat"),
    "reason": ("blockedby", "bloquepar", "reason", "raison"),
    "department": ("department", "service", "direction", "departement"),
    "channel": ("channel", "canal"),
    "dimension": ("dimension",),
    "cost_cents": ("cost", "cout", "budget"),
}


def column_names() -> dict[str, str]:
    """Each column as the reader's language calls it; all of these are read back."""
    return {
        "title": _("project"),
        "stage": _("stage"),
        "journey": _("journey"),
        "owner": _("owner"),
        "start_on": _("start"),
        "due_on": _("due"),
        "status": _("status"),
        "reason": _("blocked by"),
        "department": _("department"),
        "channel": _("channel"),
        "dimension": _("dimension"),
        "cost_cents": _("cost"),
    }


NEEDED: Final = ("title", "stage", "due_on")


@dataclass(frozen=True, slots=True)
class Line:
    """A project that can be taken in; `is_there` where the plan has it already."""

    row: int
    cells: list[str]
    stage: Stage
    values: dict[str, Any]
    is_there: bool


@dataclass(slots=True)
class Sheet:
    headings: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faulty: list[list[str]] = field(default_factory=list)

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if not line.is_there]

    @property
    def rest(self) -> str:
        """The rows that can't be taken, under their headings, to be mended."""
        return text_again([self.headings, *self.faulty]) if self.faulty else ""


def read_projects(text: str, programme: Programme, importer: User) -> Sheet:
    """Never raises: what is wrong with the whole text is a fault of row 1."""
    sheet = Sheet()
    try:
        rows = rows_of(text)
    except Unreadable as why:
        sheet.faults.append(Fault(1, "", str(why)))
        return sheet
    filled = [(n, row) for n, row in enumerate(rows, start=1) if any(c.strip() for c in row)]
    if len(filled) < 2:
        sheet.faults.append(Fault(1, "", _("Headings are needed, and a row under them.")))
        return sheet
    if len(filled) > MOST_ROWS + 1:
        said = _("At most %(most)d rows at once: split the file.")
        sheet.faults.append(Fault(1, "", said % {"most": MOST_ROWS}))
        return sheet
    sheet.headings = filled[0][1]
    reader = _Reader(sheet, programme, importer)
    if not sheet.faults:
        for number, cells in filled[1:]:
            reader.read(number, cells)
    return sheet


class _Reader:
    """Reads rows against what the programme has, looked up once."""

    def __init__(self, sheet: Sheet, programme: Programme, importer: User) -> None:
        self.sheet, self.importer = sheet, importer
        self.columns = [_column(heading) for heading in sheet.headings]
        self._check_headings()
        rows = Stage.objects.filter(journey__programme=programme).select_related("journey")
        self.stages = list(rows)
        members = User.objects.filter(memberships__programme=programme, is_active=True).distinct()
        self.members = {plain(name): one for one in members for name in (one.email, one.name)}
        self.channels: dict[str, Channel] = {}
        for channel in programme.channels.all():
            self.channels |= {plain(channel.name): channel, plain(channel.key): channel}
        known = Action.objects.filter(programme=programme).values_list("stage", "title")
        self.known = {(stage, plain(title)) for stage, title in known}

    def _check_headings(self) -> None:
        for shown, column in zip(self.sheet.headings, self.columns, strict=True):
            if not column and shown.strip():
                why = _("No such column. Those that can be read: %(columns)s.")
                names = ", ".join(column_names().values())
                self.sheet.faults.append(Fault(1, shown, why % {"columns": names}))
            elif column and self.columns.count(column) > 1:
                self.sheet.faults.append(Fault(1, shown, _("This column stands twice.")))
        self.sheet.faults += [
            Fault(1, column_names()[name], _("This column is missing."))
            for name in NEEDED
            if name not in self.columns
        ]

    def read(self, number: int, cells: list[str]) -> None:
        """A line, or a fault for each cell that can't be read."""
        typed = {
            column: cell.strip()
            for column, cell in zip(self.columns, cells, strict=False)
            if column
        }
        faults: list[Fault] = []
        found: dict[str, Any] = {}
        for name, read in self._readers(typed).items():
            try:
                found[name] = read(typed.get(name, ""))
            except Unreadable as why:
                faults.append(Fault(number, self._shown(name), str(why)))
        if any(cell.strip() for cell in cells[len(self.columns) :]):
            faults.append(Fault(number, "", _("More cells than headings.")))
        faults += [] if faults else self._impossible(number, found)
        if faults:
            self.sheet.faults += faults
            self.sheet.faulty.append(cells)
            return
        stage = found.pop("stage")
        key = (stage.pk, plain(found["title"]))
        self.sheet.lines.append(Line(number, cells, stage, found, key in self.known))
        self.known.add(key)

    def _shown(self, name: str) -> str:
        place = self.columns.index(name) if name in self.columns else None
        return column_names()[name] if place is None else self.sheet.headings[place]

    def _readers(self, typed: Mapping[str, str]) -> dict[str, Callable[[str], Any]]:
        return {
            "title": lambda text: _words(text, 200, needed=True),
            "stage": lambda text: self._stage(text, typed.get("journey", "")),
            "owner": self._owner,
            "start_on": lambda text: read_date(text) if text else None,
            "due_on": _due,
            "status": lambda text: _choice(text, Action.Status, Action.Status.TODO),
            "reason": lambda text: _words(text, 300),
            "department": lambda text: _words(text, 80),
            "channel": self._channel,
            "dimension": lambda text: _choice(text, Action.Dimension, Action.Dimension.PROCESS),
            "cost_cents": lambda text: read_money(text) if text else None,
        }

    def _impossible(self, number: int, found: Mapping[str, Any]) -> list[Fault]:
        faults = []
        start: date | None = found["start_on"]
        if start and start > found["due_on"]:
            why = _("It can't start after it is due.")
            faults.append(Fault(number, self._shown("start_on"), why))
        is_blocked = found["status"] == Action.Status.BLOCKED
        if is_blocked and not found["reason"]:
            faults.append(Fault(number, self._shown("reason"), _("Say what blocks it.")))
        return faults

    def _stage(self, text: str, journey: str) -> Stage:
        wanted, on = plain(text), plain(journey)
        found = [
            stage
            for stage in self.stages
            if wanted in (plain(stage.name), plain(stage.key))
            and (not on or on in (plain(stage.journey.name), plain(stage.journey.key)))
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Unreadable(_("“%(value)s” is no stage of the programme.") % {"value": text})
        why = _("Several journeys have “%(value)s”: name the journey in a column.")
        raise Unreadable(why % {"value": text})

    def _owner(self, text: str) -> User:
        """Whoever brings the projects in owns those that name nobody."""
        if not text:
            return self.importer
        if plain(text) not in self.members:
            why = _("“%(value)s” is no member of the programme: write a name or an e-mail address.")
            raise Unreadable(why % {"value": text})
        return self.members[plain(text)]

    def _channel(self, text: str) -> Channel | None:
        if text and plain(text) not in self.channels:
            raise Unreadable(_("“%(value)s” is no channel of the programme.") % {"value": text})
        return self.channels.get(plain(text))


def _column(heading: str) -> str:
    name = plain(heading)
    return next((column for column, known in HEADINGS.items() if name in known), "")


def _words(text: str, most: int, *, needed: bool = False) -> str:
    if needed and not text:
        raise Unreadable(_("This is missing."))
    if len(text) > most:
        raise Unreadable(_("At most %(most)d characters.") % {"most": most})
    return text


def _due(text: str) -> date:
    if not text:
        raise Unreadable(_("This is missing."))
    return read_date(text)


def _choice(text: str, choices: Any, default: str) -> str:
    """By its code or by its word, in either language."""
    if not text:
        return default
    for language in ("en", "fr"):
        with translation.override(language):
            for value, name in choices.choices:
                if plain(text) in (plain(value), plain(str(name))):
                    return str(value)
    names = ", ".join(str(name) for name in choices.labels)
    raise Unreadable(_("“%(value)s” is none of: %(names)s.") % {"value": text, "names": names})


@transaction.atomic
def take_in(*, programme: Programme, lines: list[Line], today: date, actor: User) -> int:
    """Writes the projects that are not there yet; how many they were."""
    fresh = [line for line in lines if not line.is_there]
    actions = [_action(programme, line, today) for line in fresh]
    Action.objects.bulk_create(actions, batch_size=200)
    ActionUpdate.objects.bulk_create(
        ActionUpdate(action=action, author=actor, status=action.status, note=action.blocked_reason)
        for action in actions
    )
    record(
        programme=programme,
        actor=actor,
        verb="imported",
        subject=_("existing projects"),
        changes={"added": [None, len(actions)]},
    )
    return len(actions)


def _action(programme: Programme, line: Line, today: date) -> Action:
    values = dict(line.values)
    reason = values.pop("reason")
    is_blocked = values["status"] == Action.Status.BLOCKED
    return Action(
        programme=programme,
        stage=line.stage,
        is_existing=True,
        blocked_reason=reason if is_blocked else "",
        blocked_on=today if is_blocked else None,
        **values,
    )
