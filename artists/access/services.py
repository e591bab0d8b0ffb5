"""Making, changing, rotating and revoking tokens."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from allauth.idp.oidc.models import Token as Issued
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.access.errors import NotLive
from artists.access.membership import check_membership
from artists.access.tokens import digest, mint
from artists.models import Artist, Limit, RotatedSecret, Token
from artists.models.token import Scope
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
    scopes: Collection[str] = tuple(Scope),
    networks: Collection[str] = (),
    requests_per_minute: int | None = None,
    ceilings: Ceilings | None = None,
) -> tuple[Token, str]:
    """Make a token, and return it with its plaintext, which nobody can ask for again (I11).

    It has the limits of its artist, and those of its own that `ceilings` asks for. `networks` are
    as read_network gives them; none lets it be used from anywhere. Raises MembershipEnded for
    somebody who has left.
    """
    # Whoever leaves locks the artist too, so that no token slips in beside that.
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    check_membership(artist)
    plaintext = mint()
    token = Token.objects.create(
        artist=artist,
        name=name,
        sha256=digest(plaintext),
        hint=plaintext[-4:],
        scopes=[scope.value for scope in Scope if scope in scopes],
        networks=list(networks),
        requests_per_minute=requests_per_minute,
        expires_at=_end(expires_in_days),
    )
    set_token_limits(token, ceilings or {})
    return token, plaintext


@transaction.atomic
def change_token(
    token: Token,
    *,
    networks: Collection[str],
    requests_per_minute: int | None,
    ceilings: Ceilings,
) -> None:
    """Set where a token may be used from, how often, and what it may spend. Raises NotLive."""
    changed = Token.objects.live().filter(pk=token.pk)
    if not changed.update(networks=list(networks), requests_per_minute=requests_per_minute):
        raise NotLive
    set_token_limits(token, ceilings)


@sensitive_variables("plaintext")
@transaction.atomic
def rotate(token: Token, *, expires_in_days: int, overlap: timedelta) -> str:
    """Give a token another secret, and return it; the one before is good for `overlap` yet.

    Name, scopes, limits and what was made with it stay. The new secret lives for as long as it is
    told, the one before never longer than it would have. Raises NotLive.
    """
    locked = Token.objects.live().select_for_update(of=("self",), no_key=True)
    standing = locked.filter(pk=token.pk).first()
    if standing is None:
        raise NotLive
    RotatedSecret.objects.create(
        token=standing,
        sha256=standing.sha256,
        hint=standing.hint,
        good_until=min(standing.expires_at, timezone.now() + overlap),
    )
    plaintext = mint()
    standing.sha256, standing.hint = digest(plaintext), plaintext[-4:]
    standing.expires_at = _end(expires_in_days)
    standing.save(update_fields=["sha256", "hint", "expires_at"])
    return plaintext


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
    if token.is_program:
        Issued.objects.filter(hash=token.refresh_sha256).delete()
    if by != token.artist:
        record("token.revoked", actor=by, subject=token, facts={"artist": token.artist_id})
    return True


def curl_example(plaintext: str) -> str:
    """Return a command, ready to paste, that lists the videos of the token's artist."""
    return f'curl {settings.PUBLIC_URL}/v1/videos -H "Authorization: Bearer {plaintext}"'


def _end(days: int) -> datetime:
    if not 1 <= days <= TOKEN_MAX_DAYS:
        raise ValueError(f"a token lives from 1 to {TOKEN_MAX_DAYS} days")
    return timezone.now() + timedelta(days=days)
