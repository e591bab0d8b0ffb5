"""The keys that an emulated fal signs its callbacks with, and publishes."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.emulators.deliveries import Delivery

USER_ID = "auth0|0123456789"


class Keys:
    """Two key pairs, of which the second signs; `rotate` replaces the first and turns them."""

    def __init__(self) -> None:
        self._pairs = [Ed25519PrivateKey.generate() for _ in range(2)]

    def rotate(self) -> None:
        self._pairs = [self._pairs[1], Ed25519PrivateKey.generate()]

    def published(self) -> dict[str, Any]:
        return {"keys": [jwk(pair) for pair in self._pairs]}

    def signed(
        self,
        url: str,
        event: Mapping[str, Any] | bytes,
        *,
        skew_seconds: int = 0,
        key: Ed25519PrivateKey | None = None,
    ) -> Delivery:
        """A delivery of an event, or of a whole body, as fal signs it."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        request_id = "1" if isinstance(event, bytes) else str(event.get("request_id"))
        request_id = request_id.encode("ascii", "replace").decode()
        facts = [request_id, USER_ID, str(int(time.time()) + skew_seconds)]
        message = "\n".join([*facts, hashlib.sha256(body).hexdigest()]).encode()
        names = ("Request-Id", "User-Id", "Timestamp", "Signature")
        values = [*facts, (key or self._pairs[1]).sign(message).hex()]
        headers = {
            f"X-Fal-Webhook-{name}": value for name, value in zip(names, values, strict=True)
        }
        return Delivery(url, headers | {"Content-Type": "application/json"}, body)


def jwk(pair: Ed25519PrivateKey) -> dict[str, str]:
    x = base64.urlsafe_b64encode(pair.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": uuid4().hex, "use": "sig"}
