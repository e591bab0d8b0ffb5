"""Making and revoking tokens."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.access.tokens import digest, mint
from artists.models import Artist, Limit, Token
from artists.quotas.ceilings import end, grant
from portal.audit import record

TOKEN_DAYS = 30
TOKEN_MAX_DAYS = 365
BY_THE_ARTIST = "Set by the artist, for a token of their own"

Ceilings = Mapping[Limit.Period, int | None]


@sensitive_variables("plaintext")
@transaction.atomic
def create_token(
    artist: Artist,
    name: str,
    expires_in_days: int = TOKEN_DAYS,
    *,
    ceilings: Ceilings | None = None,
) -> tuple[Token, str]:
    """Make a token, and return it with its plaintext, which nobody can ask for again (I11).

    It has the limits of its artist, and those of its own that `ceilings` asks for.
    """
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
    set_token_limits(token, ceilings or {})
    return token, plaintext


@transaction.atomic
def set_token_limits(token: Token, ceilings: Ceilings) -> None:
    """Set, in credits by period, what programs that use a token may spend; None ends a limit.

    Periods that are not named stay as they are. The artist's row is the lock, as for a prompt.
    """
    artist = Artist.objects.select_for_update(no_key=True).get(pk=token.artist_id)
    found = {Limit.Period(one.period): one for one in token.limits.order_by("pk")}
    # As a reservation takes them, known ones by their key: so neither waits for the other.
    known = [period for period in found if period in ceilings]
    in_order = known + [period for period in ceilings if period not in found]
    for period in in_order:
        ceiling, limit = ceilings[period], found.get(period)
        if ceiling is not None and (limit is None or limit.ended_at or limit.ceiling != ceiling):
            limit = limit or Limit(token=token, period=period)
            grant(limit, amount=ceiling, by=artist, reason=BY_THE_ARTIST)
        elif ceiling is None and limit is not None and limit.ended_at is None:
            end(limit, by=artist, reason=BY_THE_ARTIST)


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
