"""Importing on the page: looked at first, faults by row and column, all or the good rows, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from journeys.models import Programme
from observations.indicator_writing import renew_indicator
from observations.models import ImportRun, IndicatorReading
from observations.tests.indicator_factories import count_nps, make_indicator

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/indicators/"
IMPORT = f"{URL}figures/nps/import/"
HEAD = "month;location;promoters;passives;detractors\n"
TABLE = f"{HEAD}2026-03;PAR1;19;9;8\n2026-04;PAR1;1;1;1\n"


@pytest.fixture
def page(programme: Programme, client_of: ClientOf, consultant: User) -> Client:
    make_indicator(programme)
    return client_of(consultant)


def upload(page: Client, content: str | bytes = TABLE, name: str = "mars.csv") -> ImportRun:
    raw = content.encode() if isinstance(content, str) else content
    answer = page.post(IMPORT, {"file": SimpleUploadedFile(name, raw)})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportRun.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_file_is_looked_at_applied_and_undone(page: Client) -> None:
    run = upload(page)
    url = run.get_absolute_url()
    seen = page.get(url)
    assert "Import all of it" in seen.content.decode()
    assert (seen.context["found"].new, IndicatorReading.objects.count()) == (2, 0)
    page.post(f"{url}apply/")
    assert IndicatorReading.objects.count() == 2
    done = page.get(url).content.decode()
    assert "Undo the whole import" in done
    listed = page.get(f"{URL}imports/").content.decode()
    assert "mars.csv" in listed
    assert "Colin Consultant" in listed
    assert "mars.csv" in page.get(f"{URL}figures/nps/readings/").content.decode()
    assert page.post(f"{url}undo/").status_code == 302
    assert IndicatorReading.objects.count() == 0
    assert page.post(f"{url}undo/").status_code == 409


def test_pasted_rows_go_the_same_way(page: Client) -> None:
    answer = page.post(IMPORT, {"pasted": TABLE.replace(";", "\t")})
    run = ImportRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert run.source == "pasted rows"
    assert page.get(run.get_absolute_url()).context["found"].new == 2


def test_faults_stand_at_their_place_and_nothing_is_lost(page: Client) -> None:
    run = upload(page, f"{TABLE}2026-05;MARS;53 %;1;1\n")
    url = run.get_absolute_url()
    seen = page.get(url)
    assert [(one.row, one.column) for one in seen.context["faults"]] == [
        (4, "location"),
        (4, "promoters"),
    ]
    said = seen.content.decode()
    assert "Import the good rows only" in said
    assert "Import all of it" not in said
    assert page.post(f"{url}apply/").status_code == 422
    assert IndicatorReading.objects.count() == 0
    rows = page.get(f"{url}faults/").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Row;Column;What is wrong"
    assert rows[1].startswith("4;location;No location has the code")
    assert page.post(f"{url}apply/", {"rows": "good"}).status_code == 302
    assert IndicatorReading.objects.count() == 2
    assert ImportRun.objects.get().left_out == 1


def test_a_fault_never_becomes_a_formula(page: Client) -> None:
    run = upload(page, "=HYPERLINK(1);month\n1;2026-03\n")
    rows = page.get(f"{run.get_absolute_url()}faults/").content.decode("utf-8-sig")
    assert ";'=HYPERLINK(1);" in rows


def test_what_would_change_is_shown_with_both_sides(programme: Programme, page: Client) -> None:
    count_nps(programme.indicators.get(), 40, 20, month="2026-03", location="PAR1")
    run = upload(page)
    seen = page.get(run.get_absolute_url())
    [change] = seen.context["changes"]
    assert (change.row, change.place) == (2, "March 2026 · PAR1")
    assert change.before == "Promoters (9-10) 40, Passives (7-8) 40, Detractors (0-6) 20"
    assert change.after == "Promoters (9-10) 19, Passives (7-8) 9, Detractors (0-6) 8"


def test_the_same_file_again_is_recognised(page: Client) -> None:
    page.post(f"{upload(page).get_absolute_url()}apply/")
    again = upload(page)
    seen = page.get(again.get_absolute_url())
    assert "The same table was imported" in seen.content.decode()
    assert (seen.context["found"].new, seen.context["found"].unchanged) == (0, 2)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Choose a file or paste rows"),
        ({"pasted": "  \n "}, "Choose a file or paste rows"),
        ({"pasted": TABLE, "file": "month"}, "one of the two"),
        ({"file": ""}, "The file is empty."),
        ({"file": "PK\x03\x04\x00"}, "not a text file"),
    ],
)
def test_what_is_no_table_is_refused(page: Client, typed: dict[str, str], says: str) -> None:
    data = dict[str, object](typed)
    if "file" in typed:
        data["file"] = SimpleUploadedFile("a.csv", typed["file"].encode())
    answer = page.post(IMPORT, data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_is_refused(page: Client) -> None:
    answer = page.post(IMPORT, {"file": SimpleUploadedFile("a.csv", b"x" * (8 * 1024 * 1024 + 1))})
    assert "At most 8 MB" in answer.content.decode()


def test_a_held_table_is_discarded(page: Client) -> None:
    run = upload(page)
    assert page.post(f"{run.get_absolute_url()}discard/").status_code == 302
    assert not ImportRun.objects.exists()


def test_a_table_of_another_programme_is_not_here(page: Client) -> None:
    from journeys.tests.factories import make_programme

    other = make_programme()
    run = ImportRun.objects.create(
        programme=other, definition=make_indicator(other), source="a.csv", content="x"
    )
    assert page.get(f"{URL}imports/{run.pk}/").status_code == 404


def test_a_new_version_meanwhile_is_told_and_the_table_read_for_it(
    programme: Programme, page: Client, consultant: User
) -> None:
    run = upload(page)
    url = run.get_absolute_url()
    again = programme.indicators.get()
    again.question = "Another question?"
    newest = renew_indicator(definition=again, actor=consultant)
    refused = page.post(f"{url}apply/")
    assert refused.status_code == 409
    assert "The indicator has a new version since" in refused.content.decode()
    assert "Import all of it" not in refused.content.decode()
    assert page.post(f"{url}read/").status_code == 302
    assert page.get(url).context["found"].new == 2
    assert page.post(f"{url}apply/").status_code == 302
    assert set(IndicatorReading.objects.values_list("definition", flat=True)) == {newest.pk}


def test_a_table_of_separators_only_is_an_empty_file(page: Client) -> None:
    run = upload(page, ";;;\n;;;\n")
    seen = page.get(run.get_absolute_url())
    assert "The file is empty." in seen.content.decode()
