"""Maps shown by a link: what was hidden is in no answer, and a dead link shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from journeys import lanes
from journeys.access import Access
from journeys.lanes import Cell, Entry, Figure, Lane
from journeys.models import Journey, Programme, ShareLink
from journeys.rights import Right
from journeys.sharing import access_of_link, revoke_link, share_maps
from journeys.tests.factories import make_journey, make_programme

SECRETS = ("Secret action", "secret-address", "Secret detail", "Secret lane", "secret-icon-word")
Share = Callable[..., str]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the lanes whose cells were computed, of a scores lane and a secret one."""
    computed: list[str] = []

    def scores(journey: Journey, access: Access) -> Mapping[str, Cell]:
        computed.append("scores")
        known = Figure(20, "+20", 60, target=30, thresholds=(-10, 50), label="neutral")
        return {"S1": known, "S2": Figure(None, "", 2, 5, url="/programmes/secret-address/")}

    def actions(journey: Journey, access: Access) -> Mapping[str, Cell]:
        computed.append("actions")
        entry = Entry(
            "Secret action",
            icon="video",
            icon_label="secret-icon-word",
            detail="Secret detail",
            url="/programmes/secret-address/",
        )
        return {"S1": (entry, Entry("Secret blank", blank=True))}

    own = {k: v for k, v in lanes._registry.items() if v.cells.__module__ == "journeys.map_lanes"}
    new = {
        "scores": Lane("scores", "Experience", "", 50, "curve", scores, Right.SEE_SCORES),
        "actions": Lane("actions", "Secret lane", "", 70, "entries", actions, Right.SEE_PLAN),
    }
    monkeypatch.setattr(lanes, "_registry", own | new)
    return computed


@pytest.fixture
def share(lead: User, journey: Journey, asked: list[str]) -> Share:
    def made(**facts: Any) -> str:
        known: dict[str, Any] = {
            "programme": journey.programme,
            "name": "The board",
            "journeys": [journey],
            "lanes": ["needs", "touchpoints", "scores"],
            "password": "",
            "last_day": None,
            "actor": lead,
        }
        return share_maps(**(known | facts))

    return made


def pages_of(token: str, key: str = "family-store") -> list[str]:
    page = reverse("journeys:shared-map", args=[token, key])
    return [page, f"{page}?view=table", f"{page}map.pdf", f"{page}map.png"]


def words_of(answer: Any) -> bytes:
    """The raw answer; of a PDF also the words in it, which are packed."""
    content: bytes = answer.content
    if answer["Content-Type"] == "application/pdf":
        pages = PdfReader(BytesIO(content)).pages
        return content + "".join(page.extract_text() for page in pages).encode()
    return content


def test_what_was_hidden_is_neither_computed_nor_sent(
    share: Share, asked: list[str], journey: Journey
) -> None:
    token = share()
    for url in pages_of(token):
        answer = Client().get(url)
        assert answer.status_code == 200
        body = words_of(answer)
        assert [secret for secret in SECRETS if secret.encode() in body] == []
    assert "actions" not in asked
    assert "scores" in asked


def test_what_was_shown_is_there_without_ways_into_the_programme(
    share: Share, asked: list[str]
) -> None:
    token = share(lanes=["scores", "actions"])
    for url in pages_of(token)[:3]:
        body = words_of(Client().get(url))
        assert b"Secret action" in body
        assert b"Experience" in body
        for absent in (b"Touchpoints", b"Secret blank", b"secret-address", b"/programmes/"):
            assert absent not in body


def test_hiding_the_scores_takes_the_right_to_them(
    share: Share, asked: list[str], programme: Programme
) -> None:
    share(lanes=["actions"])
    access = access_of_link(ShareLink.objects.get())
    assert access.may(Right.SEE_PLAN)
    assert not access.may(Right.SEE_SCORES)
    assert not access.may(Right.EDIT_METHOD)
    # The plan is read whole, and nobody's own actions are asked for.
    assert access.may_at_once(Right.SEE_PLAN | Right.SEE_SCORES)
    assert access.reading_location_ids is None


def test_a_lane_that_comes_later_is_in_no_old_link(
    share: Share, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = share()
    later = Lane("later", "Later lane", "", 90, "entries", lambda j, a: {}, None)
    monkeypatch.setattr(lanes, "_registry", lanes._registry | {"later": later})
    assert b"Later lane" not in Client().get(pages_of(token)[0]).content


def test_dead_links_and_unknown_ones_answer_the_same(
    share: Share, lead: User, journey: Journey
) -> None:
    revoked, expired, alive = share(), share(last_day=timezone.localdate()), share()
    first, second, _third = ShareLink.objects.order_by("pk")
    revoke_link(link=first, actor=lead)
    assert Client().get(pages_of(expired)[0]).status_code == 200
    past = timezone.now() - timedelta(hours=1)
    ShareLink.objects.filter(pk=second.pk).update(
        created_at=past - timedelta(days=1), expires_at=past
    )
    bodies = set()
    for token in (revoked, expired, "nobody-made-this"):
        for url in (reverse("journeys:shared", args=[token]), *pages_of(token)):
            answer = Client().get(url)
            assert answer.status_code == 404
            bodies.add(answer.content)
    other = make_journey(journey.programme, "not-in-it")
    make_journey(make_programme("elsewhere"), "far-away")
    for key in (other.key, "far-away"):
        for url in pages_of(alive, key):
            answer = Client().get(url)
            assert answer.status_code == 404
            bodies.add(answer.content)
    assert len(bodies) == 1
    assert b"Casa" not in bodies.pop()


def test_a_set_lists_its_maps_and_counts_its_readers(
    share: Share, journey: Journey, lead: User
) -> None:
    second = make_journey(journey.programme, "second", name="The second map", stages=1)
    make_journey(journey.programme, "third", name="The third map")
    token = share(journeys=[journey, second])
    url = reverse("journeys:shared", args=[token])
    page = Client().get(url).content.decode()
    assert "The second map" in page
    assert "The third map" not in page
    assert "The second map" in Client().get(pages_of(token)[0]).content.decode()
    link = ShareLink.objects.get()
    assert link.open_count == 2
    assert link.last_opened_at is not None
    second.delete()
    assert Client().get(url, follow=True).redirect_chain == [(f"{journey.key}/", 302)]
    journey.delete()
    assert Client().get(url).status_code == 404


def test_a_reader_gets_no_cookie_and_leaves_no_trace(share: Share) -> None:
    for url in pages_of(share()):
        answer = Client().get(url)
        assert not answer.cookies
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]
        assert b"csrf" not in answer.content


def test_a_link_speaks_the_language_asked_for(share: Share) -> None:
    url = pages_of(share())[0]
    french = Client().get(url, {"language": "fr"})
    assert 'lang="fr"' in french.content.decode()
    assert french["Content-Language"] == "fr"
    assert 'lang="en"' in Client().get(url, {"language": "klingon"}).content.decode()


def test_only_the_digest_of_the_token_is_kept(share: Share) -> None:
    token = share(password="open sesame")
    row = ShareLink.objects.values().get()
    assert token not in str(row)
    assert "open sesame" not in str(row)


def test_a_link_shows_maps_of_its_own_programme_only(share: Share, asked: list[str]) -> None:
    far = make_journey(make_programme("elsewhere"), "far-away")
    with pytest.raises(ValueError, match="own programme"):
        share(journeys=[far])
    with pytest.raises(ValueError, match="no such lanes"):
        share(lanes=["needs", "nothing"])
    # Should one get into a link in spite of that, it is not shown.
    token = share()
    ShareLink.objects.get().journeys.add(far)
    assert Client().get(pages_of(token, "far-away")[0]).status_code == 404


def test_a_link_cannot_expire_before_it_was_made(share: Share) -> None:
    share()
    with pytest.raises(IntegrityError), transaction.atomic():
        ShareLink.objects.update(expires_at=timezone.now() - timedelta(days=2))
