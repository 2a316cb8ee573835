"""How an indicator was computed, its numbers filled in, so that it can be checked by hand."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext as _

from dashboards.formulas import Formula, decimal, ends, factor, mover_formulas, number, result
from observations.indicators import IndicatorFigure
from scoring.indicators import Figure, Kind, Sums, Unit, variance
from scoring.intervals import t_quantile


def indicator_formulas(one: IndicatorFigure) -> list[Formula]:
    """The value, its interval and the gap; nothing where nothing can be said."""
    figure, sums = one.figure, one.sums
    if figure.value is None:
        return []
    lines = _value_lines(one.definition.measured, figure, sums, one.days)
    if figure.beside is not None and figure.beside.value is not None:
        lines += _beside_lines(one.definition.measured, figure.beside, sums)
    target, gap = one.definition.target, one.gap
    if target is not None and gap is not None:
        lower = one.definition.better.value == "lower"
        first, second = (figure.value, target) if lower else (target, figure.value)
        text = f"{factor(first)} - {factor(second)} {result(gap)}"
        lines.append(Formula(_("gap"), text))
    return lines


def _value_lines(kind: Kind, figure: Figure, sums: Sums, days: int) -> list[Formula]:
    if kind is Kind.NPS:
        return _nps_lines(figure, sums)
    if kind is Kind.RECRUITMENT:
        return _speed_lines(figure, sums, days)
    if kind in {Kind.CES1, Kind.BASKET}:
        return _mean_lines(figure, sums)
    return _share_lines(figure, sums)


def _beside_lines(kind: Kind, beside: Figure, sums: Sums) -> list[Formula]:
    return _share_lines(beside, sums) if kind is Kind.RECRUITMENT else _mean_lines(beside, sums)


def _nps_lines(figure: Figure, sums: Sums) -> list[Formula]:
    value, interval = figure.value, figure.interval
    assert value is not None and interval is not None
    wider = sums.n + 3
    p, d = (sums.hits + 0.75) / wider, (sums.misses + 0.75) / wider
    spread = f"√(({decimal(p, 4)} + {decimal(d, 4)} - {decimal(p - d, 4)}²) / {wider})"
    return [
        Formula("NPS", f"100 · ({sums.hits} - {sums.misses}) / {sums.n} {result(value)}"),
        Formula(_("95 %"), f"100 · ({decimal(p - d, 4)} ∓ 1.96 · {spread}) → {ends(interval)}"),
    ]


def _share_lines(figure: Figure, sums: Sums) -> list[Formula]:
    value, interval = figure.value, figure.interval
    assert value is not None and interval is not None
    return [
        Formula("%", f"100 · {sums.hits} / {sums.n} {result(value)}"),
        Formula(_("95 %, Wilson"), f"{sums.hits} / {sums.n} → {ends(interval)}"),
    ]


def _mean_lines(figure: Figure, sums: Sums) -> list[Formula]:
    value = figure.value
    assert value is not None
    symbol = _("mean, in cents") if figure.unit is Unit.CENTS else _("mean")
    lines = [Formula(symbol, f"{sums.total} / {sums.n} {result(value)}")]
    if figure.interval is None:
        why = _("none: the sum of squared amounts is not known")
        return [*lines, Formula(_("95 %"), why)]
    s2 = variance(sums)
    t = decimal(t_quantile(sums.n - 1), 3)
    squares = f"({sums.squares} - {sums.total}² / {sums.n}) / {sums.n - 1} {result(s2)}"
    spread = f"{number(value)} ∓ {t} · √(s² / {sums.n}) → {ends(figure.interval)}"
    return [*lines, Formula("s²", squares), Formula(_("95 %, t"), spread)]


def _speed_lines(figure: Figure, sums: Sums, days: int) -> list[Formula]:
    value, interval = figure.value, figure.interval
    assert value is not None and interval is not None
    return [
        Formula(_("in 30 days"), f"30 · {sums.joined} / {days} {result(value)}"),
        Formula(_("95 %, Poisson"), f"{sums.joined} → {ends(interval)}"),
    ]


def change_formulas(one: IndicatorFigure) -> list[Formula]:
    """The difference between the two waves, and its interval by MOVER."""
    if one.compared is None or one.compared.change.change is None:
        return []
    change = one.compared.change
    before, after = change.before.value, change.after.value
    assert before is not None and after is not None and change.change is not None
    text = f"{factor(after)} - {factor(before)} {result(change.change)}"
    lines = [Formula(_("change"), text)]
    if change.interval is None:
        return lines
    parts = [
        (Fraction(1), after, change.after.interval),
        (Fraction(-1), before, change.before.interval),
    ]
    return [*lines, *_mover(parts, change.change, change.interval)]


def _mover(
    parts: list[tuple[Fraction, Fraction, tuple[float, float] | None]],
    whole: Fraction,
    interval: tuple[float, float],
) -> tuple[Formula, ...]:
    """Of a difference, the lower end takes the upper end of what is subtracted, and the other way."""
    (_one, value, own), (_minus, other, others) = parts
    own, others = own or (float(value),) * 2, others or (float(other),) * 2
    turned = (2 * float(other) - others[1], 2 * float(other) - others[0])
    return mover_formulas(
        [(Fraction(1), value, own), (Fraction(1), other, turned)], whole, interval
    )
