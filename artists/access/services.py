"""Making and revoking tokens."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.access.tokens import digest, mint
from artists.models import Artist, Token
from portal.audit import record

TOKEN_DAYS = 30
TOKEN_MAX_DAYS = 365


@sensitive_variables("plaintext")
def create_token(artist: Artist, name: str, expires_in_days: int = TOKEN_DAYS) -> tuple[Token, str]:
    """Make a token, and return it with its plaintext, which nobody can ask for again (I11)."""
    if not 1 <= expires_in_days <= TOKEN_MAX_DAYS:
        raise ValueError(f"a token lives from 1 to {TOKEN_MAX_DAYS} days")
    plaintext = mint()
    token = Token.objects.create(
        artist=artist,
        name=name,
        sha256=digest(plaintext),
        hint=plaintext[-4:],
        expires_at=timezone.now() + timedelta(days=expires_in_days),
    )
    return token, plaintext


@transaction.atomic
def revoke(token: Token, *, by: Artist) -> bool:
    """Stop a token from the next request on (I8); False means that it was revoked before."""
    if not Token.objects.revoke(token.pk):
        return False
    if by != token.artist:
        record("token.revoked", actor=by, subject=token, facts={"artist": token.artist_id})
    return True


def curl_example(plaintext: str) -> str:
    """Return a command, ready to paste, that lists the videos of the token's artist."""
    return f'curl {settings.PUBLIC_URL}/v1/videos -H "Authorization: Bearer {plaintext}"'
