"""A person's letters, and what a programme tells other programs."""

from django.urls import URLPattern, URLResolver, path

from alerts.views import feed_tokens, rules, webhooks

app_name = "alerts"

ALERTS = "programmes/<slug:slug>/alerts/"
WEBHOOKS = ALERTS + "webhooks/"
ONE_WEBHOOK = WEBHOOKS + "<int:pk>/"
TOKENS = ALERTS + "feed/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(ALERTS, rules.rule_list, name="rule-list"),
    path(ALERTS + "rules/<str:kind>/on/", rules.rule_on, name="rule-on"),
    path(ALERTS + "rules/<str:kind>/off/", rules.rule_off, name="rule-off"),
    path("unsubscribe/<str:token>/", rules.unsubscribe, name="unsubscribe"),
    path(WEBHOOKS, webhooks.webhook_list, name="webhook-list"),
    path(WEBHOOKS + "new/", webhooks.webhook_create, name="webhook-create"),
    path(ONE_WEBHOOK, webhooks.webhook_detail, name="webhook-detail"),
    path(ONE_WEBHOOK + "edit/", webhooks.webhook_edit, name="webhook-edit"),
    path(ONE_WEBHOOK + "secret/", webhooks.webhook_secret, name="webhook-secret"),
    path(ONE_WEBHOOK + "test/", webhooks.webhook_test, name="webhook-test"),
    path(ONE_WEBHOOK + "delete/", webhooks.webhook_delete, name="webhook-delete"),
    path(
        ONE_WEBHOOK + "messages/<int:delivery_pk>/again/",
        webhooks.delivery_again,
        name="delivery-again",
    ),
    path(TOKENS, feed_tokens.feed_token_list, name="feed-token-list"),
    path(TOKENS + "<int:pk>/revoke/", feed_tokens.feed_token_revoke, name="feed-token-revoke"),
]
