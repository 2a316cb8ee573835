"""Filters under a name: saving, the default of a person, and what a stored filter no longer finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from dashboards.filters import readable_locations, typed_words
from dashboards.heat_map import By
from dashboards.models import DefaultView, SavedView
from journeys.access import Access
from journeys.models import Journey, Method
from observations.selection import PARAMETERS, values_among
from scoring.models import Framework

KEPT = ("journey", *PARAMETERS, "compare", "by")


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view as the list shows it; `missing` names what its filters no longer find."""

    view: SavedView
    url: str
    words: str
    missing: tuple[str, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class KnownFilters:
    """The values that filters may have, by name; versions by journey."""

    names: Mapping[str, Mapping[str, str]]
    versions: Mapping[str, frozenset[str]]


def kept_query(asked: Mapping[str, str]) -> str:
    """What of an address is a view: journey, filters, comparison and the dimension of the heat map,
    in the order of their names."""
    found = {name: str(asked.get(name, "")).strip() for name in KEPT}
    return urlencode(sorted((name, value) for name, value in found.items() if value))


def view_url(access: Access, view: SavedView) -> str:
    return f"{reverse('dashboards:dashboard', args=[access.programme.slug])}?{view.query}"


def box_views(access: Access) -> list[SavedView]:
    """Those that the dashboard offers, in one query that tells the default as well."""
    rows = SavedView.objects.visible_to(access).with_default(access)
    return list(rows.only("name", "query"))


def default_url(access: Access, views: Sequence[SavedView]) -> str:
    """Where the dashboard opens for this person; empty without a default that they may still see."""
    view = next((one for one in views if one.is_default), None)
    return view_url(access, view) if view and view.query else ""


@transaction.atomic
def toggle_default(*, view: SavedView, user: User) -> bool:
    """Make the view this person's default, or none if it was; whether it is now."""
    chosen = DefaultView.objects.filter(user=user, programme=view.programme)
    if chosen.filter(view=view).exists():
        chosen.delete()
        return False
    DefaultView.objects.update_or_create(
        user=user, programme=view.programme, defaults={"view": view}
    )
    return True


def view_lines(access: Access) -> list[ViewLine]:
    """One's own first, then those shared, each by name; the number of queries is fixed."""
    views = SavedView.objects.visible_to(access).with_default(access).select_related("owner")
    editable = set(SavedView.objects.editable_by(access).values_list("pk", flat=True))
    known = known_filters(access)
    lines = [
        ViewLine(
            view,
            view_url(access, view),
            filter_words(view.asked, known),
            tuple(_missing(view.asked, known)),
            view.pk in editable,
        )
        for view in views
    ]
    return sorted(lines, key=lambda line: line.view.owner_id != access.user.pk)


def known_filters(access: Access) -> KnownFilters:
    programme = access.programme
    rows = list(readable_locations(access).values_list("code", "name", "region"))
    waves = {wave.key: wave.name for wave in programme.waves.all()}
    journeys = Journey.objects.filter(programme=programme, segment__in_perimeter=True)
    versions: dict[str, set[str]] = {}
    published = Framework.objects.published().filter(journey__programme=programme)
    for key, version in published.values_list("journey__key", "version"):
        versions.setdefault(key, set()).add(str(version))
    names = {
        "journey": dict(journeys.values_list("key", "name")),
        "wave": waves,
        "location": {code: name for code, name, _region in rows},
        "region": {region: region for _code, _name, region in rows if region},
        "channel": dict(programme.channels.values_list("key", "name")),
        "method": {key: str(label) for key, label in Method.choices},
        "by": {key: str(label) for key, label in By.choices},
    }
    compare = {f"wave:{key}": name for key, name in waves.items()}
    compare |= {f"journey:{key}": name for key, name in names["journey"].items()}
    return KnownFilters(
        names | {"compare": compare}, {key: frozenset(found) for key, found in versions.items()}
    )


def filter_words(asked: Mapping[str, str], known: KnownFilters) -> str:
    """What is chosen, as people say it."""
    said = []
    for name, value in asked.items():
        names = known.names.get(name, {})
        parts = _parts(name, value, known)
        text = ", ".join(names.get(part) or typed_words(name, part) for part in parts)
        if name == "compare":
            text = _("compared with %(other)s") % {"other": text}
        elif name == "by":
            text = _("heat map by: %(dimension)s") % {"dimension": text}
        elif name == "framework":
            text = _("version %(version)s") % {"version": text}
        said.append(text)
    return " · ".join(said) or _("all observations")


def _missing(asked: Mapping[str, str], known: KnownFilters) -> list[str]:
    """The values that a filter no longer finds: "location LYO1"."""
    labels = {
        "journey": _("journey"),
        "wave": _("wave"),
        "location": _("location"),
        "region": _("region"),
        "channel": _("channel"),
        "method": _("method"),
        "compare": _("comparison"),
    }
    found = [
        f"{labels[name]} {part}"
        for name, value in asked.items()
        if name in labels
        for part in _parts(name, value, known)
        if part not in known.names[name]
    ]
    version, journey = asked.get("framework", ""), asked.get("journey", "")
    if version and journey and version not in known.versions.get(journey, frozenset()):
        found.append(_("version %(version)s") % {"version": version})
    return found


def _parts(name: str, value: str, known: KnownFilters) -> Sequence[str]:
    """`method`, `location` and `region` take several values."""
    if name not in ("method", "location", "region"):
        return [value]
    return values_among(value, known.names[name])
