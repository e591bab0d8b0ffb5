"""Callbacks that are signed as Standard Webhooks: https://www.standardwebhooks.com."""

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from generations.providers.base import ForgedCallback
from generations.providers.reading import delivery_id


def read_signed(secret: str, headers: Mapping[str, str], body: bytes) -> tuple[str, dict[str, Any]]:
    """Return the id and the JSON object of a delivery that was signed with `secret` (whsec_…).

    Raises ForgedCallback where no signature fits, where it was made more than five minutes before
    or after now, and where what was signed is no delivery.
    """
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
        event = json.loads(body)
    except (WebhookVerificationError, ValueError, RecursionError) as exc:
        raise ForgedCallback(f"not a signed delivery: {type(exc).__name__}") from exc
    found = delivery_id(headers["webhook-id"])
    if not found or not isinstance(event, dict):
        raise ForgedCallback("a signed delivery without an id or an object")
    return found, event
