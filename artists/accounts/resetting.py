"""Removing the second factors of somebody who lost them and their recovery codes."""

from collections import Counter

from allauth.mfa.models import Authenticator
from django.db import transaction

from artists.access.errors import MoreThanOwn
from artists.accounts.errors import NoFactors, OwnFactors
from artists.accounts.sessions import end_all
from artists.letters.services import write_letter
from artists.models import Artist, Letter, LetterKind
from portal.audit import record

REASON_MAX_CHARS = 1000


@transaction.atomic
def reset_factors(artist: Artist, *, by: Artist | None, reason: str) -> Letter:
    """Remove every second factor of somebody, sign them out everywhere, and write to them.

    Tokens and programs stay: they are keys of their own. `by` is None for somebody at the command
    line. The trail keeps the kinds of factors that were there; the reason stands with the letter,
    for words may name people. Raises OwnFactors, NoFactors, and MoreThanOwn for the factors of
    somebody who may do what `by` may not.
    """
    if by is not None:
        _ensure_may_reset(artist, by=by)
    locked = Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)
    factors = Authenticator.objects.filter(user=locked)
    before = Counter(factors.values_list("type", flat=True))
    if not before:
        raise NoFactors
    factors.delete()
    end_all(locked)
    letter = write_letter(LetterKind.FACTORS, artist=locked, by=by, note=reason)
    record("factors.reset", actor=by, subject=locked, facts={"before": dict(before), "after": {}})
    return letter


def kinds_of(artist: Artist) -> list[str]:
    """The second factors that somebody has, in words: each kind with how many there are."""
    words = {
        Authenticator.Type.TOTP: "an authenticator app",
        Authenticator.Type.WEBAUTHN: "passkeys",
        Authenticator.Type.RECOVERY_CODES: "recovery codes",
    }
    held = Counter(Authenticator.objects.filter(user=artist).values_list("type", flat=True))
    return [
        f"{held[kind]} {word}" if kind == Authenticator.Type.WEBAUTHN else word
        for kind, word in words.items()
        if held[kind]
    ]


def _ensure_may_reset(artist: Artist, *, by: Artist) -> None:
    if artist.pk == by.pk:
        raise OwnFactors
    if not by.has_perms(artist.get_all_permissions()):
        raise MoreThanOwn(
            f"{artist} may do what you may not: somebody who may removes their second factors."
        )
