"""The sending side of callbacks, with everything that can go wrong on it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import httpx

WAYS = ("duplicate", "late", "reordered", "forged", "stale", "early")


@dataclass(frozen=True)
class Delivery:
    url: str
    headers: dict[str, str]
    body: bytes


class Deliveries:
    """What is sent, and when: `ways` are words of WAYS.

    A late delivery waits for `release`, and so does a reordered one, which then comes in the wrong
    order. `post` sends; what was answered to each is kept.
    """

    def __init__(self) -> None:
        self.ways: list[str] = []
        self.sent: list[Delivery] = []
        self.statuses: list[int] = []
        self.post: Callable[[Delivery], int] = post
        self._due: list[Delivery] = []
        self._held: list[Delivery] = []

    def add(self, delivery: Delivery) -> None:
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

    def _send(self, deliveries: Iterable[Delivery]) -> None:
        for delivery in deliveries:
            self.sent.append(delivery)
            self.statuses.append(self.post(delivery))


def post(delivery: Delivery) -> int:
    answer = httpx.post(delivery.url, content=delivery.body, headers=delivery.headers)
    return answer.status_code
