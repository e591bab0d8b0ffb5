"""The sending side of Standard Webhooks, with everything that can go wrong on it."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks.webhooks import Webhook

from tests.emulators.deliveries import Deliveries, Delivery

SECRET = f"whsec_{base64.b64encode(b'known to the provider and to us.').decode()}"
STRANGERS = f"whsec_{base64.b64encode(b'of somebody who only guesses it.').decode()}"


class Webhooks(Deliveries):
    """Deliveries that are signed with SECRET, or by somebody who only guesses it."""

    def tell(self, url: str, event: Mapping[str, Any], *, skew_seconds: int = 0) -> None:
        secret = STRANGERS if "forged" in self.ways else SECRET
        skew_seconds -= 600 if "stale" in self.ways else 0
        self.add(signed(url, event, secret=secret, skew_seconds=skew_seconds))


def signed(
    url: str, event: Mapping[str, Any], *, secret: str = SECRET, skew_seconds: int = 0
) -> Delivery:
    at, body = datetime.now(UTC) + timedelta(seconds=skew_seconds), json.dumps(event)
    headers = {
        "content-type": "application/json",
        "webhook-id": str(event["id"]),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(str(event["id"]), at, body),
    }
    return Delivery(url, headers, body.encode())
