"""What webhooks are signed with, by the Standard Webhooks specification.

A secret is derived from the portal's secret key, the endpoint and a version: it is shown once and
stored nowhere, so that a copy of the database lets nobody sign in our name. To rotate is to count
on. With another GREENROOM_SECRET_KEY every secret is another one.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac
from standardwebhooks.webhooks import Webhook

from generations.models import WebhookEndpoint

PREFIX = "whsec_"


def secret_of(endpoint: WebhookEndpoint) -> str:
    """Return what the endpoint's owner checks signatures with."""
    return _derive(endpoint.pk, endpoint.secret_version)


def hint_of(endpoint: WebhookEndpoint) -> str:
    """Return the end of the secret, so that its owner knows it again."""
    return f"…{secret_of(endpoint)[-4:]}"


def signed_headers(
    endpoint: WebhookEndpoint, *, message_id: str, body: str, at: datetime
) -> Mapping[str, str]:
    """Return the three headers of one message, signed with each secret that holds at that time."""
    versions = [endpoint.secret_version]
    if endpoint.does_earlier_sign:
        versions.append(endpoint.secret_version - 1)
    signatures = [
        Webhook(_derive(endpoint.pk, version)).sign(message_id, at, body) for version in versions
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _derive(endpoint_id: UUID, version: int) -> str:
    digest = salted_hmac("greenroom webhook", f"{endpoint_id}:{version}", algorithm="sha256")
    return PREFIX + base64.b64encode(digest.digest()).decode()
