"""What `manage.py check`, `migrate` and `up` say of the certificates before anything is signed."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from generations.media.credentials.errors import BadIdentity
from generations.media.credentials.identity import current_identity, roots_pem
from generations.media.credentials.outside import split_command

OTHERS = 0o077


@register("startup")
def check_credentials(**_: Any) -> list[CheckMessage]:
    """Read the certificates and the key as signing would; an outside signer is not asked."""
    try:
        identity = current_identity()
        roots_pem()
        if identity.key is None:
            split_command(identity.command)
        else:
            identity.read_key()
    except BadIdentity as exc:
        return [Error(f"Files cannot be signed: {exc}", id="credentials.E001")]
    found: list[CheckMessage] = []
    if identity.ends_soon:
        days = (identity.ends_at - datetime.now(UTC)).days
        hint = "Get new ones and set GREENROOM_C2PA_CHAIN; see docs/credentials.md."
        words = f"A certificate that signs files ends in {days} days."
        found.append(Warning(words, hint=hint, id="credentials.W001"))
    if identity.key is not None and identity.key.stat().st_mode & OTHERS:
        words = f"Other accounts of this machine may read {identity.key}."
        found.append(Warning(words, hint=f"chmod 600 {identity.key}", id="credentials.W002"))
    if identity.is_development and settings.HTTPS:
        found.append(
            Warning(
                "Files are signed with development certificates that no reader elsewhere knows.",
                hint="Set GREENROOM_C2PA_CHAIN; see docs/credentials.md.",
                id="credentials.W003",
            )
        )
    return found
