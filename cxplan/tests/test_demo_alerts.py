"""The demo's digest, its webhook that was given up, and its feed tokens; nobody is called by loading it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from alerts.models import Delivery, FeedToken, Rule, Webhook
from cxplan.demo.alerts import TOKENS
from cxplan.demo_programme import load_demo
from journeys.models import Programme

WORDS = {
    "en": ("Monthly digest", "Given up", "Revoked on"),
    "fr": ("Récapitulatif mensuel", "Abandonné", "Révoqué"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", Programme.Language.values)
def test_digest_webhook_and_tokens(language: str, settings: Any, monkeypatch: Any) -> None:
    settings.DEBUG = True
    called: list[str] = []
    monkeypatch.setattr("alerts.deliveries.post", lambda url, *rest: called.append(url))
    programme = load_demo(language=language, with_people=True)
    lead = User.objects.get(email="lead@maison-nord.example")
    rule = Rule.objects.get(programme=programme)
    assert (rule.person, rule.kind) == (lead, "digest")
    webhook = Webhook.objects.get(programme=programme)
    assert (webhook.is_on, called) == (False, [])
    log = list(webhook.deliveries.order_by("created_at", "pk"))
    assert len(log) > 1
    assert {one.state for one in log[:-1]} == {Delivery.State.DELIVERED}
    assert (log[-1].state, log[-1].last_code) == (Delivery.State.FAILED, 503)
    for one in log:
        assert json.loads(one.body or "")["timestamp"] == one.created_at.isoformat()
    read, revoked = TOKENS[language]
    tokens = {one.name: one.revoked_at for one in FeedToken.objects.filter(programme=programme)}
    assert tokens[read] is None and tokens[revoked] is not None

    client = Client()
    client.force_login(lead)
    pages = ("alerts/", f"alerts/webhooks/{webhook.pk}/", "alerts/feed/")
    for path, word in zip(pages, WORDS[language], strict=True):
        page = client.get(f"/programmes/{programme.slug}/{path}").content.decode()
        assert word in page
