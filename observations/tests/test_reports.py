"""A location acknowledges the report of a visit and comments on it, and alters nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import AuditEntry, Programme
from journeys.tests.factories import make_member
from observations.acknowledging import comment_on_report
from observations.models import Observation, Revision
from observations.report_models import Acknowledgement, ReportComment
from observations.tests.factories import ANSWERS, submit

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def report(programme: Programme) -> Observation:
    outcome = submit(programme)
    row: Observation = Observation.objects.get(uuid=outcome.id or "")
    return row


def address(name: str, row: Observation, *args: object) -> str:
    return reverse(f"observations:{name}", args=[row.programme.slug, row.uuid, *args])


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def correct(programme: Programme, row: Observation, number: int, **changes: Any) -> None:
    changed = {"id": str(row.uuid), "base_revision": number, **changes}
    assert submit(programme, **changed).status == "revised"


def test_it_names_the_revision_and_is_asked_again_after_a_correction(
    programme: Programme, report: Observation, location_manager: User, client_of: ClientOf
) -> None:
    client = client_of(location_manager)
    assert "Nobody at the location has acknowledged" in words(client.get(report.get_absolute_url()))
    url = address("report-acknowledge", report)
    for _ in range(2):
        assert client.post(url, {"revision": "1"}).status_code == 302
    [entry] = Acknowledgement.objects.all()
    assert (entry.person, entry.revision.number) == (location_manager, 1)
    assert AuditEntry.objects.filter(verb="acknowledged", actor=location_manager).count() == 1
    assert "I have read it" not in words(client.get(report.get_absolute_url()))
    correct(programme, report, 1, comment="better")
    page = words(client.get(report.get_absolute_url()))
    assert "corrected since" in page and "I have read it" in page
    late = client.post(url, {"revision": "1"})
    assert late.status_code == 409
    assert "It was corrected meanwhile" in words(late)
    assert client.post(url, {"revision": "2"}).status_code == 302
    assert list(Acknowledgement.objects.values_list("revision__number", flat=True)) == [1, 2]


def test_the_list_shows_and_filters_what_nobody_has_acknowledged(
    programme: Programme, report: Observation, location_manager: User, client_of: ClientOf
) -> None:
    client = client_of(location_manager)
    corrected, fresh = [Observation.objects.get(uuid=submit(programme).id or "") for _ in "12"]
    for row in (report, corrected):
        client.post(address("report-acknowledge", row), {"revision": "1"})
    correct(programme, corrected, 1, comment="better")
    url = reverse("observations:observation-list", args=[programme.slug])
    seen = {
        asked: {
            line.observation: line.reading
            for line in client.get(url, {"acknowledged": asked}).context["lines"]
        }
        for asked in ("", "yes", "no")
    }
    assert seen[""] == {report: "read", corrected: "corrected", fresh: ""}
    assert seen["yes"] == {report: "read"}
    assert seen["no"] == {corrected: "corrected", fresh: ""}


def test_comments_stand_in_threads_and_the_observer_reads_them(
    programme: Programme,
    report: Observation,
    location_manager: User,
    consultant: User,
    observer: User,
    executive: User,
    client_of: ClientOf,
) -> None:
    url = address("report-comment", report)
    manager = client_of(location_manager)
    assert manager.post(url, {"text": "<b>We</b> were two that day"}).status_code == 302
    remark = ReportComment.objects.get()
    answer = client_of(consultant).post(url, {"text": "Noted", "parent": str(remark.pk)})
    assert answer.status_code == 302
    reply = ReportComment.objects.latest("pk")
    manager.post(url, {"text": "Thanks", "parent": str(reply.pk)})
    assert [one.text for one in remark.replies.all()] == ["Noted", "Thanks"]
    page = client_of(observer).get(report.get_absolute_url())
    assert "&lt;b&gt;We&lt;/b&gt; were two that day" in page.content.decode()
    assert url not in page.content.decode()
    assert client_of(observer).post(url, {"text": "I disagree"}).status_code == 403
    assert client_of(executive).get(report.get_absolute_url()).status_code == 404
    assert Revision.objects.count() == 1
    assert Revision.objects.get().answers == ANSWERS


def test_a_comment_that_says_nothing_or_too_much_is_refused(
    programme: Programme, report: Observation, location_manager: User, client_of: ClientOf
) -> None:
    client, url = client_of(location_manager), address("report-comment", report)
    elsewhere = Observation.objects.get(uuid=submit(programme).id or "")
    foreign = comment_on_report(observation=elsewhere, text="Other", author=location_manager)
    for data in ({"text": " "}, {"text": "x" * 2001}, {"text": "Hm", "parent": str(foreign.pk)}):
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert data["text"].strip() in answer.content.decode()
    assert not report.comments.exists()


def test_a_comment_is_removed_by_its_author_and_keeps_its_place(
    report: Observation, location_manager: User, lead: User, client_of: ClientOf
) -> None:
    remark = comment_on_report(observation=report, text="Nonsense", author=location_manager)
    comment_on_report(observation=report, text="Why?", author=lead, parent=remark)
    url = address("report-comment-remove", report, remark.pk)
    assert client_of(lead).post(url).status_code == 403
    assert client_of(location_manager).post(url).status_code == 302
    page = words(client_of(lead).get(report.get_absolute_url()))
    assert "Nonsense" not in page and "Removed by its author." in page and "Why?" in page


def test_own_observations_elsewhere_are_not_answered_to(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    """A manager who also observes sees their own visits at other locations: as their observer."""
    make_member(
        programme, "observer", location_manager, programme.locations.all(), observer_code="OBS-5"
    )
    outcome = submit(programme, location="LYO1", observer="OBS-5")
    row = Observation.objects.get(uuid=outcome.id or "")
    client = client_of(location_manager)
    assert client.get(row.get_absolute_url()).status_code == 200
    answer = client.post(address("report-acknowledge", row), {"revision": "1"})
    assert answer.status_code == 403


def test_the_page_says_what_each_revision_changed(
    programme: Programme, report: Observation, location_manager: User, client_of: ClientOf
) -> None:
    changed = ANSWERS | {"S2-p": -1, "S3-p": 2}
    correct(programme, report, 1, answers=changed, notes={"S2-p": "Waited"}, method="shadowing")
    page = client_of(location_manager).get(report.get_absolute_url())
    first, second = page.context["history"]
    assert first.difference is None
    lines = [one for stage in second.difference.stages for one in stage.answers]
    assert [(one.answer.before, one.answer.after) for one in lines] == [
        ("Level 2", "Level -1"),
        ("Not applicable", "Level 2"),
    ]
    assert (lines[0].note.before, lines[0].note.after) == ("", "Waited")
    assert [pair.label for pair in second.difference.facts] == ["Method"]
    assert "4 changes" not in words(page) and "3 changes" in words(page)


def test_the_page_asks_as_often_for_twice_as_many(
    programme: Programme, report: Observation, lead: User, client_of: ClientOf
) -> None:
    client, counts, number = client_of(lead), [], 1
    client.get(report.get_absolute_url())
    for _ in range(2):
        for _ in range(3):
            remark = comment_on_report(observation=report, text="One", author=lead)
            comment_on_report(observation=report, text="Two", author=lead, parent=remark)
            client.post(address("report-acknowledge", report), {"revision": str(number)})
            correct(programme, report, number, comment=f"{number}")
            number += 1
        with CaptureQueriesContext(connection) as caught:
            assert client.get(report.get_absolute_url()).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_database_keeps_answers_whole(report: Observation, lead: User) -> None:
    revision = report.revisions.get()
    Acknowledgement.objects.create(revision=revision, person=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Acknowledgement.objects.create(revision=revision, person=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportComment.objects.create(observation=report, author=lead, text="")
