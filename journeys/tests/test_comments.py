"""What people say about a stage or a touchpoint: written, answered, resolved, kept over an undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys import commenting, map_building, map_edits
from journeys.models import Comment, Journey, Stage, Touchpoint
from journeys.tests.factories import make_journey, make_touchpoint

ClientOf = Callable[[User], Client]
LINK = "https://example.com/map"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


def address(target: Stage | Touchpoint, part: str = "stages") -> str:
    journey = target.journey
    return reverse("journeys:comments", args=[journey.programme.slug, journey.key, part, target.pk])


def url(name: str, comment: Comment) -> str:
    journey = comment.journey
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, comment.pk])


def say(
    target: Stage | Touchpoint, author: User, text: str = "Too long", **more: Comment
) -> Comment:
    return commenting.write_comment(target=target, text=text, author=author, link=LINK, **more)


@pytest.mark.parametrize("who", ["location_manager", "executive", "facilitator", "consultant"])
def test_whoever_reads_the_map_may_talk_about_it(
    who: str, request: pytest.FixtureRequest, client_of: ClientOf, stage: Stage
) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.post(address(stage), {"text": "Why <b>here</b>?"}).status_code == 302
    page = client.get(address(stage)).content.decode()
    assert "Why &lt;b&gt;here&lt;/b&gt;?" in page and "<b>here" not in page
    comment = Comment.objects.get()
    assert (comment.part, comment.row, comment.row_name) == ("stages", stage.pk, "Stage S1")


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_no_comment_without_words_or_beyond_two_thousand_letters(
    text: str, consultant: User, client_of: ClientOf, stage: Stage
) -> None:
    answer = client_of(consultant).post(address(stage), {"text": text})
    assert answer.status_code == 422 and text.strip() in answer.content.decode()
    assert not Comment.objects.exists()


def test_other_journeys_and_kinds_are_not_found(
    consultant: User, client_of: ClientOf, journey: Journey, stage: Stage
) -> None:
    other = make_journey(journey.programme, "other", stages=1).stages.get()
    slug = journey.programme.slug
    for part, row in (("stages", other.pk), ("needs", stage.pk), ("touchpoints", 10**9)):
        asked = reverse("journeys:comments", args=[slug, journey.key, part, row])
        assert client_of(consultant).get(asked).status_code == 404
    elsewhere = say(other, consultant)
    data = {"text": "mine", "parent": elsewhere.pk}
    assert client_of(consultant).post(address(stage), data).status_code == 404


def test_replies_stand_one_level_below(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    root = say(stage, consultant)
    client_of(executive).post(address(stage), {"text": "Indeed", "parent": root.pk})
    reply = root.replies.get()
    deeper = say(stage, consultant, "Thanks", parent=reply)
    assert (reply.parent, deeper.parent) == (root, root)
    assert commenting.bubbles_of(stage.journey).at("stages", stage.pk) == 1


def test_authors_edit_and_delete_their_own_only(
    consultant: User, lead: User, client_of: ClientOf, stage: Stage
) -> None:
    comment = say(stage, consultant)
    for name in ("comment-edit", "comment-delete"):
        assert client_of(lead).post(url(name, comment), {"text": "Mine"}).status_code == 403
    client_of(consultant).post(url("comment-edit", comment), {"text": "Short"})
    comment.refresh_from_db()
    assert comment.text == "Short" and comment.edited_at is not None
    client_of(consultant).post(url("comment-delete", comment))
    assert not Comment.objects.exists()


def test_a_remark_with_replies_leaves_its_place(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    root = say(stage, consultant, "A secret")
    reply = say(stage, executive, "I heard it", parent=root)
    commenting.delete_comment(comment=root)
    page = client_of(executive).get(address(stage)).content.decode()
    assert "A secret" not in page and "This comment was deleted." in page and "I heard it" in page
    commenting.delete_comment(comment=Comment.objects.get(pk=reply.pk))
    assert not Comment.objects.exists()


def test_consultants_and_lead_resolve(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    comment = say(stage, executive)
    assert client_of(executive).post(url("comment-resolve", comment)).status_code == 403
    client_of(consultant).post(url("comment-resolve", comment))
    comment.refresh_from_db()
    assert comment.resolved_at is not None and comment.resolved_by == consultant
    assert commenting.bubbles_of(stage.journey).at("stages", stage.pk) == 0
    client_of(consultant).post(url("comment-resolve", comment), {"again": "1"})
    assert commenting.bubbles_of(stage.journey).at("stages", stage.pk) == 1
    reply = say(stage, executive, parent=comment)
    assert client_of(consultant).post(url("comment-resolve", reply)).status_code == 404


def test_an_archived_programme_is_read_and_not_talked_in(
    executive: User, client_of: ClientOf, stage: Stage
) -> None:
    comment = say(stage, executive)
    stage.journey.programme.archived_at = timezone.now()
    stage.journey.programme.save()
    client = client_of(executive)
    page = client.get(address(stage))
    assert page.status_code == 200 and "comment-form" not in page.content.decode()
    assert client.post(address(stage), {"text": "More"}).status_code == 403
    assert client.post(url("comment-delete", comment)).status_code == 403


def test_comments_come_back_with_the_row(
    consultant: User, client_of: ClientOf, stage: Stage
) -> None:
    touchpoint = stage.touchpoints.get()
    say(touchpoint, consultant, "Keep me")
    asked = address(touchpoint, "touchpoints")
    map_building.delete_parts(parts=[touchpoint], actor=consultant)
    client = client_of(consultant)
    assert client.get(asked).status_code == 404
    assert client.post(url("comment-delete", Comment.objects.get())).status_code == 404
    map_edits.undo(journey=stage.journey, actor=consultant)
    assert "Keep me" in client.get(asked).content.decode()


def test_the_map_counts_open_comments_in_one_query(
    executive: User, client_of: ClientOf, journey: Journey, stage: Stage
) -> None:
    def shown() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            page = client_of(executive).get(journey.get_absolute_url()).content.decode()
        return len(queries), page

    say(stage, executive)
    few, page = shown()
    assert "1 open comment on Stage S1" in page
    assert f'href="comments/stages/{stage.pk}/"' in page
    for number in range(8):
        touchpoint = make_touchpoint(stage, f"more-{number}")
        say(touchpoint, executive)
        say(touchpoint, executive)
    many, page = shown()
    assert many == few and "2 open comments on more-7" in page


def test_the_page_of_comments_makes_as_many_queries_for_many(
    executive: User, consultant: User, client_of: ClientOf, stage: Stage
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client_of(executive).get(address(stage))
        return len(queries)

    def talk(times: int) -> None:
        for _time in range(times):
            root = say(stage, executive, f"@{consultant} look")
            say(stage, consultant, f"@{executive} seen", parent=root)

    talk(2)
    few = count()
    talk(4)
    assert count() == few


@pytest.mark.parametrize(
    "wrong",
    [
        {"part": "needs"},
        {"text": ""},
        {"deleted_at": timezone.now()},
        {"parent": True, "resolved_at": timezone.now()},
        {"resolved_by": True},
    ],
)
def test_the_database_refuses(wrong: dict[str, object], consultant: User, stage: Stage) -> None:
    root = say(stage, consultant)
    fields = {"part": "stages", "row": stage.pk, "row_name": "S1", "text": "x", **wrong}
    if "parent" in wrong:
        fields["parent"] = root
    if "resolved_by" in wrong:
        fields["resolved_by"] = consultant
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(journey=stage.journey, author=consultant, **fields)
