"""Signing a manifest into a file, with the key here or an outside signer."""

import json
import logging
from pathlib import Path
from typing import Any

from generations.media.credentials.context import c2pa_context
from generations.media.credentials.errors import BadIdentity, NotSigned
from generations.media.credentials.identity import Identity, current_identity
from generations.media.credentials.outside import sign_outside

logger = logging.getLogger(__name__)


def sign(source: Path, out: Path, definition: dict[str, Any]) -> tuple[bytes, Identity]:
    """Write an MP4 file with a signed manifest to `out`; return the manifest store, and who signed.

    `out` is whole only where this returns. Raises NotSigned for whatever stands in the way: the
    reason is logged, for it is nobody's who presses a button.
    """
    try:
        identity = current_identity()
        return _sign(source, out, definition, identity), identity
    except BadIdentity as exc:
        logger.critical("nothing can be signed: %s", exc)
        raise NotSigned from exc


def _sign(source: Path, out: Path, definition: dict[str, Any], identity: Identity) -> bytes:
    from c2pa import Builder, C2paError

    refusals: list[BadIdentity] = []
    try:
        with (
            _signer(identity, refusals) as signer,
            Builder(json.dumps(definition), context=c2pa_context(identity.root_pem)) as builder,
            source.open("rb") as original,
            out.open("w+b") as signed,
        ):
            manifest: bytes = builder.sign(signer, "video/mp4", original, signed)
            return manifest
    except (C2paError, OSError) as exc:
        if refusals:
            raise refusals[0] from exc
        logger.critical("a file could not be signed: %s", exc)
        raise NotSigned from exc


def _signer(identity: Identity, refusals: list[BadIdentity]) -> Any:
    """Return the library's signer. What an outside one says of its failure is put in `refusals`."""
    from c2pa import C2paSignerInfo, C2paSigningAlg, Signer

    if not identity.command:
        return Signer.from_info(
            C2paSignerInfo(
                alg=identity.algorithm.encode(),
                sign_cert=identity.chain_pem.encode(),
                private_key=identity.read_key(),
                ta_url=None,
            )
        )

    def ask(data: bytes) -> bytes:
        try:
            return sign_outside(identity.command, data)
        except BadIdentity as refusal:
            refusals.append(refusal)
            raise

    algorithm = C2paSigningAlg[identity.algorithm.upper()]
    return Signer.from_callback(ask, algorithm, identity.chain_pem)
