"""Webhooks of a programme as its lead manages them, with the log of their messages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.forms import WebhookForm
from alerts.models import Delivery, Webhook
from alerts.signing import secret_of
from alerts.webhooks import (
    add_webhook,
    change_webhook,
    remove_webhook,
    renew_secret,
    send_again,
    send_test,
)
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right

PAGE = 50


def _enter(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_SCORES, change=Right.MANAGE)


def _webhook(access: Access, pk: int) -> Webhook:
    webhook: Webhook = get_object_or_404(Webhook, programme=access.programme, pk=pk)
    webhook.programme = access.programme
    return webhook


@login_required
@require_GET
def webhook_list(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter(request, slug)
    webhooks = list(access.programme.webhooks.all())
    for webhook in webhooks:
        webhook.programme = access.programme
    return show(request, "alerts/webhook_list", {"active_step": "dashboard", "webhooks": webhooks})


@login_required
@require_http_methods(["GET", "POST"])
def webhook_create(request: HttpRequest, slug: str) -> HttpResponse:
    access = _enter(request, slug)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        webhook = add_webhook(
            access=access,
            url=form.cleaned_data["url"],
            kinds=form.cleaned_data["kinds"],
            today=timezone.localdate(),
        )
        return _show_secret(request, webhook)
    context = {"active_step": "dashboard", "form": form, "webhook": None}
    return show(request, "alerts/webhook_form", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def webhook_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    webhook = _webhook(access, pk)
    form = WebhookForm(request.POST if request.method == "POST" else None, instance=webhook)
    if request.method == "POST" and form.is_valid():
        change_webhook(
            webhook=webhook, access=access, today=timezone.localdate(), **form.cleaned_data
        )
        return redirect(webhook)
    context = {"active_step": "dashboard", "form": form, "webhook": webhook}
    return show(request, "alerts/webhook_form", context, status=form_status(form))


@login_required
@require_GET
def webhook_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    webhook = _webhook(access, pk)
    sent = webhook.deliveries.exclude(body=None)
    page = Paginator(sent, PAGE).get_page(request.GET.get("page"))
    context = {"active_step": "dashboard", "webhook": webhook, "page": page}
    return show(request, "alerts/webhook_detail", context)


def _show_secret(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    words = _("Copy this secret now, it is shown this once: %(secret)s")
    messages.success(request, words % {"secret": secret_of(webhook)})
    return redirect(webhook)


def _say_sent(request: HttpRequest, webhook: Webhook, words: str) -> None:
    if webhook.is_on:
        messages.success(request, words)
    else:
        messages.info(request, _("The message waits until the webhook is switched on."))


@login_required
@require_POST
def webhook_secret(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new secret; the one before signs nothing more."""
    access = _enter(request, slug)
    webhook = _webhook(access, pk)
    renew_secret(webhook=webhook, actor=access.user)
    return _show_secret(request, webhook)


@login_required
@require_POST
def webhook_test(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    webhook = _webhook(access, pk)
    send_test(webhook=webhook)
    _say_sent(request, webhook, _("A test message is on its way: the list below says how it went."))
    return redirect(webhook)


@login_required
@require_POST
def webhook_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _enter(request, slug)
    remove_webhook(webhook=_webhook(access, pk), actor=access.user)
    messages.success(request, _("The webhook is gone."))
    return redirect("alerts:webhook-list", slug)


@login_required
@require_POST
def delivery_again(request: HttpRequest, slug: str, pk: int, delivery_pk: int) -> HttpResponse:
    access = _enter(request, slug)
    webhook = _webhook(access, pk)
    sent = webhook.deliveries.exclude(body=None)
    delivery: Delivery = get_object_or_404(sent, pk=delivery_pk)
    send_again(delivery=delivery)
    _say_sent(request, webhook, _("Sent again."))
    return redirect(webhook)
