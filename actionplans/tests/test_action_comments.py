"""Comments on an action: who may, whom they name, and the one letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from actionplans.action_comments import send_action_mention
from actionplans.action_models import ActionMention
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey
from journeys.tests.factories import make_member, make_user

ClientOf = Callable[[User], Client]


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S1"), contributor, title="Redo the signs")


def url_of(action: Action, page: str) -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/comments/{page}"


def test_a_mention_is_mailed_once_in_the_language_of_the_person(
    action: Action,
    contributor: User,
    facilitator: User,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    contributor.language = "fr"
    contributor.save()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(facilitator).post(
            url_of(action, "new/"), {"text": "@Carla Contributor, is it <b>done</b>?"}
        )
    assert answer.status_code == 302
    [letter] = mail.outbox
    assert letter.to == [contributor.email]
    assert letter.subject == "Fanny Facilitator vous mentionne à propos de Redo the signs"
    assert f"/actions/{action.pk}/" in letter.body and "<b>done</b>" in letter.body
    assert send_action_mention(ActionMention.objects.get().pk, "x") is False
    page = client_of(contributor).get(f"/programmes/casa-nord/actions/{action.pk}/")
    assert "&lt;b&gt;done" in page.content.decode()


def test_whoever_can_not_read_the_action_is_not_called_to_it(
    action: Action, facilitator: User, observer: User, client_of: ClientOf
) -> None:
    make_member(action.programme, "contributor", make_user("Nora Nobody"))
    client_of(facilitator).post(
        url_of(action, "new/"), {"text": "@Nora Nobody @Odile Observer @Fanny Facilitator"}
    )
    assert not ActionMention.objects.exists()


def test_who_reads_may_talk_and_only_the_author_deletes(
    action: Action, executive: User, contributor: User, client_of: ClientOf
) -> None:
    assert client_of(executive).post(url_of(action, "new/"), {"text": "Why?"}).status_code == 302
    assert client_of(executive).post(url_of(action, "new/"), {"text": ""}).status_code == 422
    comment = action.comments.get()
    drop = url_of(action, f"{comment.pk}/drop/")
    assert client_of(contributor).post(drop).status_code == 403
    assert client_of(executive).post(drop).status_code == 302
    assert not action.comments.exists()
