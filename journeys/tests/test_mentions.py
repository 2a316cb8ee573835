"""Who is meant by "@Name", what they are sent, and when a mention is new no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from journeys import commenting, map_building
from journeys.mention_mails import send_mention
from journeys.models import Comment, Journey, Mention, Stage
from journeys.tests.factories import make_member, make_user

ClientOf = Callable[[User], Client]
LINK = "https://example.com/map"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


def say(stage: Stage, author: User, text: str) -> Comment:
    return commenting.write_comment(target=stage, text=text, author=author, link=LINK)


def mentioned(comment: Comment) -> list[str]:
    return sorted(str(each.person) for each in comment.mentions.all())


@pytest.mark.usefixtures("observer", "outsider")
def test_only_members_who_read_the_map_are_meant(
    consultant: User, executive: User, stage: Stage
) -> None:
    names = "@Eve Executive, @Odile Observer, @Otto Outsider, @Colin Consultant"
    assert mentioned(say(stage, consultant, names)) == ["Eve Executive"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@eve executive!", ["Eve Executive"]),
        ("see @Eve Executive Junior", ["Eve Executive Junior"]),
        ("@Eve Executives", []),
        ("mail@Eve Executive", []),
        ("Eve Executive", []),
        ("@Eve Executive @Eve Executive", ["Eve Executive"]),
    ],
)
@pytest.mark.usefixtures("executive")
def test_the_longest_whole_name_counts(
    text: str, names: list[str], consultant: User, stage: Stage
) -> None:
    make_member(stage.journey.programme, "executive", make_user("Eve Executive Junior"))
    assert mentioned(say(stage, consultant, text)) == names


def test_who_is_chosen_from_the_list_is_named(
    consultant: User, executive: User, outsider: User, client_of: ClientOf, stage: Stage
) -> None:
    journey = stage.journey
    url = reverse(
        "journeys:comments", args=[journey.programme.slug, journey.key, "stages", stage.pk]
    )
    client = client_of(consultant)
    assert "Otto Outsider" not in client.get(url).content.decode()
    client.post(url, {"text": "Look", "mention": executive.pk})
    comment = Comment.objects.get()
    assert comment.text == "@Eve Executive Look" and mentioned(comment) == ["Eve Executive"]
    assert client.post(url, {"text": "Look", "mention": outsider.pk}).status_code == 422


def test_a_letter_goes_once_in_the_language_of_the_person(
    consultant: User,
    executive: User,
    stage: Stage,
    mailoutbox: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    User.objects.filter(pk=executive.pk).update(language="fr")
    with django_capture_on_commit_callbacks(execute=True):
        comment = say(stage, consultant, "@Eve Executive <b>look</b> & see")
        assert not mailoutbox
    (mail,) = mailoutbox
    assert mail.to == [executive.email]
    assert "@Eve Executive <b>look</b> & see" in mail.body and LINK in mail.body
    with django_capture_on_commit_callbacks(execute=True):
        commenting.edit_comment(
            comment=comment, text="@Eve Executive look again", author=consultant, link=LINK
        )
    assert len(mailoutbox) == 1
    assert send_mention(comment.mentions.get().pk, LINK) is False and len(mailoutbox) == 1


@pytest.mark.usefixtures("executive")
def test_a_letter_that_was_refused_can_be_tried_again(
    consultant: User, stage: Stage, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mention = say(stage, consultant, "@Eve Executive").mentions.get()

    def refuse(*args: object) -> None:
        raise OSError("no server")

    with monkeypatch.context() as broken:
        broken.setattr("accounts.letters.EmailMultiAlternatives.send", refuse)
        with pytest.raises(OSError, match="no server"):
            send_mention(mention.pk, LINK)
    assert send_mention(mention.pk, LINK) is True and len(mailoutbox) == 1


def test_a_name_taken_out_is_no_mention(
    consultant: User, executive: User, lead: User, stage: Stage
) -> None:
    comment = say(stage, consultant, f"@{executive}")
    commenting.edit_comment(comment=comment, text=f"@{lead}", author=consultant, link=LINK)
    assert mentioned(comment) == [str(lead)]


def test_opening_the_comments_is_seeing_the_mention(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    root = say(stage, consultant, "Hello")
    commenting.write_comment(
        target=stage, text="@Eve Executive", author=consultant, link=LINK, parent=root
    )
    journey, client = stage.journey, client_of(executive)
    slug = journey.programme.slug
    for page in (journey.get_absolute_url(), reverse("journeys:journey-list", args=[slug])):
        assert "1 new mention of you" in " ".join(client.get(page).content.decode().split())
    listed = reverse("journeys:mention-list", args=[slug])
    comments = reverse("journeys:comments", args=[slug, journey.key, "stages", stage.pk])
    assert f'href="{comments}"' in client.get(listed).content.decode()
    assert Mention.objects.get().seen_at is None
    client_of(consultant).get(comments)
    assert Mention.objects.get().seen_at is None
    client.get(comments)
    assert Mention.objects.get().seen_at is not None
    assert "new mention" not in client.get(journey.get_absolute_url()).content.decode()


def test_a_mention_on_a_deleted_stage_can_still_be_put_away(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    say(stage, consultant, "@Eve Executive <i>look</i>")
    map_building.delete_stage(stage=stage, actor=consultant)
    client = client_of(executive)
    url = reverse("journeys:mention-list", args=[stage.journey.programme.slug])
    page = client.get(url).content.decode()
    assert "deleted from the map since" in page and "&lt;i&gt;look" in page
    assert client.post(url).status_code == 302
    assert commenting.unseen_mentions(stage.journey.programme, executive) == 0


def test_the_list_makes_as_many_queries_for_many(
    consultant: User, executive: User, client_of: ClientOf, stage: Stage
) -> None:
    client = client_of(executive)
    url = reverse("journeys:mention-list", args=[stage.journey.programme.slug])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    for _time in range(2):
        say(stage, consultant, "@Eve Executive")
    few = count()
    for _time in range(6):
        say(stage, consultant, "@Eve Executive")
    assert count() == few
