"""How fal signs its callbacks: three headers and the hash of the body, with Ed25519."""

import hashlib
import time
from collections.abc import Mapping

from generations.providers.base import ForgedCallback

TOLERANCE_SECONDS = 300
SIGNATURE_BYTES = 64
SIGNED = ("x-fal-webhook-request-id", "x-fal-webhook-user-id", "x-fal-webhook-timestamp")


def what_was_signed(headers: Mapping[str, str], body: bytes) -> tuple[bytes, bytes]:
    """The message that a fresh callback says was signed, and its signature.

    Raises ForgedCallback for what cannot be genuine, before any key is looked at.
    """
    facts = [headers.get(name, "") for name in SIGNED]
    timestamp = facts[-1]
    if not all(facts) or not (timestamp.isascii() and timestamp.isdigit()):
        raise ForgedCallback("a header of its signature is missing")
    if len(timestamp) > 12 or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ForgedCallback("signed too long ago, or in the future")
    try:
        signature = bytes.fromhex(headers.get("x-fal-webhook-signature", ""))
    except ValueError as exc:
        raise ForgedCallback("its signature is not hexadecimal") from exc
    if len(signature) != SIGNATURE_BYTES:
        raise ForgedCallback("its signature has another length")
    message = "\n".join([*facts, hashlib.sha256(body).hexdigest()])
    return message.encode(errors="replace"), signature
