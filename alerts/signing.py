"""The secret of a webhook and its signature, by the Standard Webhooks specification.

The secret is made of the site's own key and the webhook's nonce each time it is needed: it is shown
once and kept nowhere. A site that changes its SECRET_KEY changes every secret with it.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from alerts.webhook_models import Delivery, Webhook


def new_nonce() -> str:
    return secrets.token_urlsafe(32)


def secret_of(webhook: Webhook) -> str:
    """`whsec_` and 32 bytes in base64."""
    key = salted_hmac("alerts.webhook", webhook.nonce, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(key).decode()


def signed_headers(delivery: Delivery, now: datetime) -> dict[str, str]:
    """HMAC-SHA256 over id, moment and body; the id is the same at each try."""
    message = f"msg_{delivery.uuid.hex}"
    signature = Signer(secret_of(delivery.webhook)).sign(message, now, delivery.body or "")
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
