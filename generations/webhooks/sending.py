"""One webhook on its way: what is sent, and what came of it."""

import asyncio
import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings
from django.utils import timezone

from generations.ids import write_video_id
from generations.models import WebhookDelivery
from generations.webhooks.decided import decided
from generations.webhooks.signing import signed_headers
from portal.outbound import NotPublic, PublicTransport, tls

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
AT_ONCE = 50
NO_VIDEO = UUID(int=0)  # what a test is about

# As many threads as webhooks on their way: a name that is slow to look up holds up no other.
_lookups = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook-lookup")


@dataclass(frozen=True)
class Message:
    delivery_id: UUID
    endpoint_id: UUID
    artist_id: int
    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Outcome:
    """What came of one try. `words` are for the artist; `status` is None where none came."""

    message: Message
    words: str
    status: int | None = None

    @property
    def is_heard(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def write(delivery: WebhookDelivery) -> Message:
    """Write what is sent, signed now. The id stays the same, however often it is sent."""
    at, event_id = timezone.now(), f"evt_{delivery.pk.hex}"
    body = json.dumps(
        {
            "id": event_id,
            "object": "event",
            "created_at": int(delivery.created_at.timestamp()),
            "type": delivery.event_type,
            "data": _data(delivery),
        }
    )
    signed = signed_headers(delivery.endpoint, message_id=event_id, body=body, at=at)
    headers = {"content-type": "application/json", "user-agent": "Greenroom-Webhooks"}
    return Message(
        delivery_id=delivery.pk,
        endpoint_id=delivery.endpoint_id,
        artist_id=delivery.endpoint.artist_id,
        url=delivery.endpoint.url,
        headers=headers | dict(signed),
        body=body,
    )


def _data(delivery: WebhookDelivery) -> dict[str, Any]:
    if delivery.decision is not None:
        return decided(delivery.decision)
    return {"id": write_video_id(delivery.generation_id or NO_VIDEO)}


async def send(http: httpx.AsyncClient, message: Message) -> Outcome:
    """Send one message, once. Of the answer its status is read, and never a byte of its body."""
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS),
            http.stream(
                "POST", message.url, content=message.body, headers=message.headers
            ) as response,
        ):
            return Outcome(message, f"HTTP {response.status_code}", response.status_code)
    except (TimeoutError, httpx.TimeoutException):
        words = "No answer in time"
    except NotPublic:
        words = "Not on the public internet"
    except httpx.ConnectError as exc:
        words = "Certificate not valid" if "certificate" in str(exc) else "No connection"
    except httpx.HTTPError:
        words = "No HTTP answer"
    except Exception:  # one strange receiver leaves the others alone
        logger.exception("webhook %s cannot be sent", message.delivery_id)
        words = "Could not be sent"
    return Outcome(message, words)


def public_client() -> httpx.AsyncClient:
    """A client that reaches public addresses alone, follows no redirect and retries nothing."""
    transport = PublicTransport(verify=tls(), allowed=settings.WEBHOOK_NETWORKS, lookups=_lookups)
    return httpx.AsyncClient(transport=transport, timeout=ANSWER_SECONDS, trust_env=False)
