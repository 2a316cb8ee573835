"""Indicators as the API writes them: exact strings beside rounded ones, and the sums they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from observations.change_documents import decimal_or_none, exact_or_none, interval_or_none
from observations.indicators import Compared, IndicatorFigure
from observations.selection import Selection
from scoring.indicators import Figure, Sums


def indicators_document(figures: Sequence[IndicatorFigure], selection: Selection) -> dict[str, Any]:
    """The answer of `GET indicators/`."""
    return {
        "wave": selection.wave,
        "from": selection.first_month,
        "to": selection.last_month,
        "indicators": [_indicator(one) for one in figures],
    }


def _indicator(one: IndicatorFigure) -> dict[str, Any]:
    definition = one.definition
    return {
        "indicator": definition.key,
        "version": definition.edition,
        "kind": definition.kind,
        "name": definition.name,
        "question": definition.question,
        "active_rule": definition.active_rule,
        "direction": definition.direction,
        "currency": definition.currency,
        "place": definition.codir_rank,
        **_figure(one.figure),
        "sums": _sums(one.sums),
        "days": one.days or None,
        "target_exact": exact_or_none(definition.target),
        "target": decimal_or_none(definition.target),
        "gap_exact": exact_or_none(one.gap),
        "gap": decimal_or_none(one.gap),
        "gap_interval": interval_or_none(one.gap_interval),
        "beside": None if one.figure.beside is None else _figure(one.figure.beside),
        "compared": _compared(one.compared),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "unit": figure.unit.value,
        "n": figure.n,
        "missing": figure.missing,
        "value_exact": exact_or_none(figure.value),
        "value": decimal_or_none(figure.value),
        "interval": interval_or_none(figure.interval),
    }


def _sums(sums: Sums) -> dict[str, int | None]:
    return {
        "n": sums.n,
        "hits": sums.hits,
        "misses": sums.misses,
        "joined": sums.joined,
        "total": sums.total,
        "squares": None if sums.unsquared else sums.squares,
    }


def _compared(compared: Compared | None) -> dict[str, Any] | None:
    if compared is None:
        return None
    change = compared.change
    return {
        "before": compared.before.key,
        "after": compared.after.key,
        "n_before": change.before.n,
        "n_after": change.after.n,
        "before_exact": exact_or_none(change.before.value),
        "after_exact": exact_or_none(change.after.value),
        "change_exact": exact_or_none(change.change),
        "change": decimal_or_none(change.change),
        "interval": interval_or_none(change.interval),
        "after_closed": not change.is_open,
        "trend": change.trend.value if change.trend else None,
        "locations_left_out": compared.locations_left_out,
    }
