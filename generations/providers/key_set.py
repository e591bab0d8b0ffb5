"""Signatures by the keys that a provider publishes: Ed25519 (RFC 8032) in a JWK set (RFC 8037)."""

import base64
import hashlib
from typing import Any

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.cache import cache

from generations.providers.base import ProviderUnavailable
from generations.providers.http import json_object, read_public

KEPT_FOR_SECONDS = 24 * 3600
ASKED_AGAIN_AFTER_SECONDS = 60
READ_WITHIN_SECONDS = 5.0  # whoever sent the callback waits for it
KEYS_MAX = 50  # each is tried with a signature that fits none


class KeySet:
    """The public keys at one address, kept in the cache that all processes share.

    A signature that fits none of them has the set read again, for keys that were rotated, once a
    minute at most: whoever makes signatures up cannot make us ask more often.
    """

    def __init__(self, url: str, transport: httpx.MockTransport | None = None) -> None:
        self._url = url
        self._transport = transport
        name = hashlib.sha256(url.encode()).hexdigest()
        self._kept, self._asked = f"key-set:{name}", f"key-set-asked:{name}"

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether one of the keys signed a message. Raises ProviderUnavailable."""
        keys: list[bytes] | None = cache.get(self._kept)
        if keys and _fits_one(keys, message, signature):
            return True
        if not cache.add(self._asked, True, timeout=ASKED_AGAIN_AFTER_SECONDS):
            if keys is None:
                raise ProviderUnavailable("the keys could not be read a moment ago")
            return False
        keys = self._read()
        cache.set(self._kept, keys, timeout=KEPT_FOR_SECONDS)
        return _fits_one(keys, message, signature)

    def _read(self) -> list[bytes]:
        response = read_public(
            self._url, within_seconds=READ_WITHIN_SECONDS, transport=self._transport
        )
        found = json_object(response).get("keys") if response.is_success else None
        keys = [_public_key(one) for one in found] if isinstance(found, list) else []
        if not (usable := [key for key in keys if key][:KEYS_MAX]):
            raise ProviderUnavailable(f"HTTP {response.status_code} without a key")
        return usable


def _public_key(jwk: Any) -> bytes:
    """The 32 bytes of an Ed25519 key; nothing where it is another."""
    if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
        return b""
    text = str(jwk.get("x", ""))
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return key if len(key) == 32 else b""


def _fits_one(keys: list[bytes], message: bytes, signature: bytes) -> bool:
    return any(_fits(key, message, signature) for key in keys)


def _fits(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
