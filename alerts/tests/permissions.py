"""Own rules and tokens for whoever sees scores; webhooks for the lead; the feed as the scores."""

from __future__ import annotations

from typing import Any

from accounts.tests.permission_rows import EVERYBODY_200, Row
from accounts.tokens import digest_of
from alerts.models import Delivery, FeedToken, Webhook
from alerts.unsubscribing import unsubscribe_link
from journeys.access import access_of
from journeys.models import Programme

HERE = ("casa-nord",)
#             anon outs lead cons faci loca obse exec cont super
SEE_SCORES = "302 404 200 200 200 200 404 200 404 200"
OWN_DONE = "302 404 302 302 302 302 404 302 404 302"
OWN_FORM = "302 404 422 422 422 422 404 422 404 422"
LEAD = "302 404 200 403 403 403 404 403 404 200"
LEAD_FORM = "302 404 422 403 403 403 404 403 404 422"
LEAD_DONE = "302 404 302 403 403 403 404 403 404 302"
# One's own, which is the lead's; a superuser manages like the lead.
LEADS_TOKEN = "302 404 302 404 404 404 404 404 404 302"
API_SCORES = "401 404 200 200 200 200 404 200 404 200"
RULE = (*HERE, "class_change")
WEBHOOK = (*HERE, "$webhook")


def prepare(programme: Programme) -> dict[str, Any]:
    """A webhook that is off with a message to it, a token of the lead, a way out of a letter."""
    lead = programme.memberships.get(role="lead").user
    webhook = Webhook.objects.create(
        programme=programme, url="https://hooks.example/cx", nonce="n", is_on=False
    )
    delivery = Delivery.objects.create(webhook=webhook, kind="test", key="test:1", body="{}")
    token = FeedToken.objects.create(
        programme=programme, person=lead, name="BI", digest=digest_of("cxf_matrix")
    )
    way = unsubscribe_link(access_of(lead, programme), ["digest"])
    return {
        "webhook": webhook.pk,
        "webhook_message": delivery.pk,
        "feed_token": token.pk,
        "way_out": way.rstrip("/").rpartition("/")[2],
    }


ROWS = [
    Row("alerts:rule-list", "GET", HERE, SEE_SCORES),
    Row("alerts:rule-on", "POST", RULE, OWN_DONE),
    Row("alerts:rule-off", "POST", RULE, OWN_DONE),
    Row("alerts:unsubscribe", "GET", ("$way_out",), EVERYBODY_200),
    Row("alerts:unsubscribe", "POST", ("$way_out",), EVERYBODY_200),
    Row("alerts:webhook-list", "GET", HERE, LEAD),
    Row("alerts:webhook-create", "GET", HERE, LEAD),
    Row("alerts:webhook-create", "POST", HERE, LEAD_FORM),
    Row("alerts:webhook-detail", "GET", WEBHOOK, LEAD),
    Row("alerts:webhook-edit", "GET", WEBHOOK, LEAD),
    Row("alerts:webhook-edit", "POST", WEBHOOK, LEAD_FORM),
    Row("alerts:webhook-secret", "POST", WEBHOOK, LEAD_DONE),
    Row("alerts:webhook-test", "POST", WEBHOOK, LEAD_DONE),
    Row("alerts:webhook-delete", "POST", WEBHOOK, LEAD_DONE),
    Row("alerts:delivery-again", "POST", (*WEBHOOK, "$webhook_message"), LEAD_DONE),
    Row("alerts:feed-token-list", "GET", HERE, SEE_SCORES),
    Row("alerts:feed-token-list", "POST", HERE, OWN_FORM),
    Row("alerts:feed-token-revoke", "POST", (*HERE, "$feed_token"), LEADS_TOKEN),
    Row("api-feed", "GET", HERE, API_SCORES),
    Row("api-feed-csv", "GET", HERE, API_SCORES),
]
