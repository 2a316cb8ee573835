"""One count at a time, and definitions that never mix two questions."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.access import access_of
from journeys.models import AuditEntry, Programme
from journeys.versions import StaleEdit
from observations.indicator_writing import (
    PlaceTaken,
    define_indicator,
    delete_reading,
    renew_indicator,
    write_reading,
)
from observations.indicators import read_indicators
from observations.models import IndicatorDefinition, IndicatorReading
from observations.selection import Selection
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.indicators import Impossible

COUNTS = {"promoters": 19, "passives": 9, "detractors": 8}


def write(
    definition: IndicatorDefinition,
    actor: User,
    reading: IndicatorReading | None = None,
    *,
    month: str = "2026-03",
    seen: int = 0,
    **counts: int,
) -> IndicatorReading:
    return write_reading(
        definition=definition,
        month=month,
        segment=None,
        location=None,
        channel=None,
        counts=COUNTS | counts,
        actor=actor,
        reading=reading,
        seen_version=seen,
    )


def test_counts_and_their_sums_are_written_together(programme: Programme, consultant: User) -> None:
    reading = write(make_indicator(programme), consultant)
    assert reading.counts == COUNTS
    assert (reading.n, reading.hits, reading.misses, reading.version) == (36, 19, 8, 0)
    entry = AuditEntry.objects.get(verb="counted")
    assert entry.changes == {"counts": [None, COUNTS]}


def test_the_second_of_two_editors_is_refused(programme: Programme, consultant: User) -> None:
    definition = make_indicator(programme)
    reading = write(definition, consultant)
    mine = IndicatorReading.objects.get(pk=reading.pk)
    write(definition, consultant, reading, seen=0, promoters=20)
    with pytest.raises(StaleEdit):
        write(definition, consultant, mine, seen=0, promoters=30)
    reading.refresh_from_db()
    assert (reading.hits, reading.version) == (20, 1)


def test_a_place_is_counted_once(programme: Programme, consultant: User) -> None:
    definition = make_indicator(programme)
    first = write(definition, consultant)
    other = write(definition, consultant, month="2026-04")
    with pytest.raises(PlaceTaken) as taken:
        write(definition, consultant)
    assert taken.value.reading == first
    with pytest.raises(PlaceTaken):
        write(definition, consultant, other, month="2026-03")
    other.refresh_from_db()
    assert (other.month, other.version) == ("2026-04", 0)


def test_what_cannot_be_is_not_written(programme: Programme, consultant: User) -> None:
    with pytest.raises(Impossible):
        write(make_indicator(programme), consultant, promoters=-1)
    assert not IndicatorReading.objects.exists()


def test_deleting_says_what_stood_there(programme: Programme, consultant: User) -> None:
    delete_reading(reading=write(make_indicator(programme), consultant), actor=consultant)
    assert not IndicatorReading.objects.exists()
    assert AuditEntry.objects.get(verb="deleted").changes == {"counts": [COUNTS, None]}


def test_a_new_wording_never_mixes_with_the_old(programme: Programme, consultant: User) -> None:
    definition = define_indicator(
        definition=IndicatorDefinition(
            programme=programme, key="nps", kind="nps", name="NPS", codir_rank=1
        ),
        actor=consultant,
    )
    count_nps(definition, 90, 0)
    changed = IndicatorDefinition.objects.get(pk=definition.pk)
    changed.question = "Would you come back?"
    newer = renew_indicator(definition=changed, actor=consultant)
    count_nps(newer, 10, 60)
    former = IndicatorDefinition.objects.get(pk=definition.pk)
    assert (former.question, former.is_current, former.codir_rank) == ("", False, None)
    assert (newer.edition, newer.is_current, newer.codir_rank) == (2, True, 1)
    values = [
        one.figure.value
        for one in read_indicators([former, newer], Selection(), access_of(consultant, programme))
    ]
    assert values == [90, -50]
    assert AuditEntry.objects.get(verb="renewed").changes["edition"] == [1, 2]


def test_two_people_make_one_new_version(programme: Programme, consultant: User) -> None:
    definition = make_indicator(programme)
    copies = [IndicatorDefinition.objects.get(pk=definition.pk) for _person in range(2)]
    renew_indicator(definition=copies[0], actor=consultant)
    with pytest.raises(StaleEdit):
        renew_indicator(definition=copies[1], actor=consultant)
    assert programme.indicators.count() == 2
