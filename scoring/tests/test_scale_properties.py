"""What must hold for any framework, any answers and any order of observations."""

from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scoring.intervals import cell_interval, half_range, sse
from scoring.numbers import x
from scoring.scale import NA, NO, Answer, Item, Kind, StageSums, Thresholds, score_observation
from scoring.vector import Vector

METHODS = ["mystery_visit", "verbatim"]
LEVELS = {
    Kind.BASIC: st.sets(st.integers(-3, -1), min_size=1),
    Kind.PERFORMANCE: st.tuples(
        st.sets(st.integers(-3, -1), min_size=1), st.sets(st.integers(1, 3), min_size=1)
    ).map(lambda sides: sides[0] | sides[1]),
    Kind.DELIGHT: st.sets(st.integers(1, 3), min_size=1),
}


@st.composite
def frameworks(draw: st.DrawFn) -> list[Item]:
    items = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(Kind))
        items.append(
            Item(
                key=f"i{number}",
                stage=draw(st.sampled_from(["S", "T"])),
                kind=kind,
                weight=draw(st.integers(1, 3)),
                points=tuple(sorted(draw(LEVELS[kind]) | {0})),
                channel=draw(st.sampled_from(["store", "phone"])),
            )
        )
    return items


def answers_to(items: list[Item]) -> st.SearchStrategy[dict[str, Answer]]:
    return st.fixed_dictionaries(
        {}, optional={item.key: st.sampled_from([*item.points, NA, NO]) for item in items}
    )


Case = tuple[list[Item], list[dict[str, Answer]], str, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    items = draw(frameworks())
    observations = draw(st.lists(answers_to(items), min_size=1, max_size=12))
    return items, observations, draw(st.sampled_from(METHODS)), draw(st.sampled_from([0, -1]))


def score(case: Case) -> list[list[StageSums]]:
    items, observations, method, below = case
    thresholds = Thresholds(broken_below=below)
    return [
        score_observation(items, each, method=method, thresholds=thresholds)
        for each in observations
    ]


def cells(case: Case) -> list[Vector]:
    """The cell of each stage, and that of the journey."""
    rows = [row for each in score(case) for row in each if row.channel is None]
    return [
        Vector.total(Vector.from_sums(row) for row in rows if row.stage == stage)
        for stage in {row.stage for row in rows}
    ]


def plain(row: StageSums) -> tuple[int, int, int, int]:
    return row.S, row.raw, row.P, row.Q


def total(rows: list[StageSums]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*map(plain, rows), strict=True)))


@given(cases())
def test_channels_add_up_to_stages_and_stages_to_the_journey(case: Case) -> None:
    for rows in filter(None, score(case)):
        stages = [row for row in rows if row.stage is not None and row.channel is None]
        assert total(stages) == plain(rows[-1])
        for stage in stages:
            facets = [row for row in rows if row.stage == stage.stage and row.channel is not None]
            assert total(facets) == plain(stage)


@given(cases())
def test_the_gate_only_takes_and_the_score_stays_in_its_bounds(case: Case) -> None:
    for row in (row for rows in score(case) for row in rows):
        assert row.raw - row.S >= 0
        assert -100 <= x(row.S, row.P, row.Q) <= x(row.raw, row.P, row.Q) <= 100
        assert row.basic_seen or not row.basics_ok


@given(cases())
def test_invariants_of_a_cell(case: Case) -> None:
    for cell in cells(case):
        assert cell.has_data
        score_of_cell = x(cell.S, cell.P, cell.Q)
        assert (score_of_cell > 0) == (cell.S > 0) and (score_of_cell < 0) == (cell.S < 0)
        assert -100 <= score_of_cell <= 100
        assert cell.raw - cell.S >= 0
        assert sse(cell) >= 0
        assert cell.nD + cell.nN + cell.nE + cell.nU == cell.n
        assert 0 <= cell.nb_ok <= cell.nb <= cell.n


@given(cases())
def test_residuals_are_those_of_the_single_visits(case: Case) -> None:
    """SSE from the sums equals sum (S_o - R D_o)^2 over the observations themselves."""
    rows = [row for each in score(case) for row in each if row.stage is None]
    if not rows:
        return
    cell = Vector.total(map(Vector.from_sums, rows))
    D = cell.P if cell.S >= 0 else cell.Q
    R = Fraction(cell.S, D) if D else Fraction(0)
    residuals = [row.S - R * (row.P if cell.S >= 0 else row.Q) for row in rows]
    assert sse(cell) == sum(residual**2 for residual in residuals)
    assert half_range(cell) == Fraction(sum(row.P + row.Q for row in rows), 2 * len(rows))


@given(cases())
def test_an_interval_holds_its_score(case: Case) -> None:
    for cell in cells(case):
        low, high = cell_interval(cell, Fraction(4, 25))
        assert -100 <= low <= high <= 100
        assert low <= float(x(cell.S, cell.P, cell.Q)) + 1e-9
        assert float(x(cell.S, cell.P, cell.Q)) <= high + 1e-9


@given(cases(), st.randoms())
def test_cells_know_no_order_and_forget_what_is_withdrawn(case: Case, random: Random) -> None:
    rows = [Vector.from_sums(row) for each in score(case) for row in each]
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert Vector.total(shuffled) == Vector.total(rows)
    half = len(rows) // 2
    assert Vector.total(rows[:half]) + Vector.total(rows[half:]) == Vector.total(rows)
    emptied = Vector.total(rows)
    for row in shuffled:
        emptied -= row
    assert emptied == Vector()
