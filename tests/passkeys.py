"""A passkey in software: what a browser answers for one, its touch and its checks at will."""

import base64
import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

Flag = AuthenticatorData.FLAG


class Passkey:
    """A key that asks for a touch, and where it `verifies` for a finger, face or PIN as well."""

    def __init__(self, *, verifies: bool = True) -> None:
        self.verifies = verifies
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = secrets.token_bytes(16)

    def register(self, options: dict[str, Any], *, origin: str = "") -> str:
        """What a browser makes of creation options, as its form posts it."""
        made = AttestedCredentialData.create(
            Aaguid.NONE, self._id, ES256.from_cryptography_key(self._key.public_key())
        )
        about = AuthenticatorData.create(_site(), self._flags() | Flag.AT, 0, made)
        attestation = AttestationObject.create("none", about, {})
        client = _client_data("webauthn.create", options, origin)
        return self._credential(client, {"attestationObject": _text(attestation)})

    def sign(self, options: dict[str, Any], *, user: str = "", origin: str = "") -> str:
        """What a browser makes of request options; `user` is the handle of whose passkey it is."""
        about = AuthenticatorData.create(_site(), self._flags(), 1)
        client = _client_data("webauthn.get", options, origin)
        signature = self._key.sign(about + client.hash, ec.ECDSA(SHA256()))
        answer = {"authenticatorData": _text(about), "signature": _text(signature)}
        return self._credential(client, answer | {"userHandle": _text(user.encode())})

    def _flags(self) -> Flag:
        return Flag.UP | Flag.UV if self.verifies else Flag.UP

    def _credential(self, client: CollectedClientData, answer: dict[str, str]) -> str:
        name = _text(self._id)
        response = {"clientDataJSON": _text(client), **answer}
        facts = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(facts | {"clientExtensionResults": {}})


def _site() -> bytes:
    return hashlib.sha256(str(urlsplit(settings.PUBLIC_URL).hostname).encode()).digest()


def _client_data(kind: str, options: dict[str, Any], origin: str) -> CollectedClientData:
    challenge: str = options["publicKey"]["challenge"]
    return CollectedClientData.create(kind, challenge, origin or settings.PUBLIC_URL)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
