"""The sending side of Standard Webhooks, with everything that can go wrong on it."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from standardwebhooks.webhooks import Webhook

SECRET = f"whsec_{base64.b64encode(b'known to the provider and to us.').decode()}"
STRANGERS = f"whsec_{base64.b64encode(b'of somebody who only guesses it.').decode()}"
WAYS = ("duplicate", "late", "reordered", "forged", "stale", "early")


@dataclass(frozen=True)
class Delivery:
    url: str
    headers: dict[str, str]
    body: bytes


class Webhooks:
    """What is told, and how: `ways` are words of WAYS.

    A late delivery waits for `release`, and so does a reordered one, which then comes in the
    wrong order; an early one is sent before its create call is answered. `post` sends.
    """

    def __init__(self) -> None:
        self.ways: list[str] = []
        self.sent: list[Delivery] = []
        self.statuses: list[int] = []  # what was answered to each
        self.post: Callable[[Delivery], int] = post
        self._due: list[Delivery] = []
        self._held: list[Delivery] = []

    def tell(self, url: str, event: Mapping[str, Any], *, skew_seconds: int = 0) -> None:
        """Make a delivery, and as many of it as `ways` say."""
        secret = STRANGERS if "forged" in self.ways else SECRET
        skew_seconds -= 600 if "stale" in self.ways else 0
        delivery = signed(url, event, secret=secret, skew_seconds=skew_seconds)
        is_held = "late" in self.ways or "reordered" in self.ways
        queue = self._held if is_held else self._due
        queue += [delivery] * (2 if "duplicate" in self.ways else 1)

    def send_due(self) -> None:
        due, self._due = self._due, []
        self._send(due)

    def release(self) -> None:
        """Send what was held back."""
        held, self._held = self._held, []
        self._send(reversed(held) if "reordered" in self.ways else held)

    def replay(self) -> None:
        """Send again, byte for byte, all that was sent."""
        self._send(list(self.sent))

    def _send(self, deliveries: Any) -> None:
        for delivery in deliveries:
            self.sent.append(delivery)
            self.statuses.append(self.post(delivery))


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


def post(delivery: Delivery) -> int:
    answer = httpx.post(delivery.url, content=delivery.body, headers=delivery.headers)
    return answer.status_code
