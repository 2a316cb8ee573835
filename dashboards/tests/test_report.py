"""The report on paper: the messages and figures of the page, whatever somebody typed."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import User
from actionplans.tests.factories import make_action
from dashboards.documents import messages
from dashboards.documents.report import build_report, report_values
from dashboards.signing import sign_report
from dashboards.step_words import journey_step
from dashboards.tests.documents import contents_for, measured_journey, unwatched
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.models import Framework
from scoring.tests.factories import make_framework


def pages_of(user: User, journey: Journey, **asked: str) -> list[str]:
    pages = PdfReader(BytesIO(build_report(contents_for(user, journey, **asked), unwatched))).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_it_says_what_the_page_says(
    programme: Programme, framework: Framework, executive: User
) -> None:
    journey = measured_journey(programme)
    contents = contents_for(executive, journey)
    pages = pages_of(executive, journey)
    whole = " ".join(pages)
    assert 1 <= len(pages) <= 4
    for message in (
        messages.disappointments(contents),
        messages.places(contents),
        messages.trend(contents),
        messages.how_made(contents),
    ):
        assert message in whole
    for figure in contents.figures():
        assert figure.name in whole and figure.text in whole
    assert "at least 5 needed" in whole


def test_it_has_the_six_figures_of_the_page_and_who_signed_them(
    programme: Programme, framework: Framework, executive: User
) -> None:
    journey = measured_journey(programme)
    count_nps(make_indicator(programme, name="Would recommend", codir_rank=1), 40, 20)
    first = contents_for(executive, journey)
    sign_report(sheet=first.sheet, asked={}, note="", actor=executive)
    contents = contents_for(executive, journey)
    values = report_values(contents)
    names = [figure["name"] for figure in values["figures"]]
    assert names[3] == "Would recommend" and len(names) == 5
    step = journey_step(contents.last_change)
    assert f"{step.arrow} {step.text}".strip() in values["figures"][0]["notes"]
    assert contents.signed and contents.signed in values["facts"]
    whole = " ".join(pages_of(executive, journey))
    assert "Would recommend" in whole and "Signed off on" in whole and step.text in whole


def test_in_french(programme: Programme, framework: Framework, executive: User) -> None:
    journey = measured_journey(programme)
    with translation.override("fr"):
        whole = " ".join(pages_of(executive, journey))
    assert "1 étape sur 4 déçoit" in whole and "Comment les chiffres sont établis" in whole


def test_what_was_typed_is_never_markup(
    programme: Programme, framework: Framework, executive: User
) -> None:
    journey = measured_journey(programme)
    typed = '#panic("x") $1/0$ <b>&amp; ]*_'
    journey.stages.filter(key="S1").update(name=typed)
    Journey.objects.filter(pk=journey.pk).update(name=typed)
    whole = "".join(pages_of(executive, journey)).replace(" ", "")
    assert typed.replace(" ", "") in whole


def test_nothing_to_score_is_said(programme: Programme, executive: User) -> None:
    [page] = pages_of(executive, programme.journeys.get())
    assert "Nothing can be scored yet" in page


def test_forty_stages_take_few_pages(programme: Programme, executive: User) -> None:
    journey = programme.journeys.get()
    for number in range(4, 41):
        make_stage(journey, f"S{number}", name="A name of many words, & <i>so on</i>, " * 3)
    make_framework(journey)
    assert len(pages_of(executive, journey)) <= 5


def test_of_several_actions_the_late_one_alone_stands_out(
    programme: Programme, framework: Framework, executive: User
) -> None:
    stage = measured_journey(programme).stages.get(key="S2")
    for title, days in (("Open a till", -2), ("Add a till", 30)):
        due = timezone.localdate() + timedelta(days=days)
        make_action(stage, executive, title=title, due_on=due)
    values = report_values(contents_for(executive, stage.journey))
    cells = [
        row[-1] for part in values["sections"] for row in (part["table"] or {"rows": []})["rows"]
    ]
    [cell] = [one for one in cells if "Open a till" in one["text"]]
    lines = dict(zip(cell["text"].split("\n"), cell["tones"], strict=True))
    assert lines == {"Open a till · late": "disappointing", "Add a till · To do": ""}
