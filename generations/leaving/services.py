"""Leaving, coming back, and ending somebody's membership with notice."""

from contextlib import suppress
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from artists.access.services import revoke
from artists.accounts.sessions import end_all
from artists.models import Artist, Departure
from artists.roles.services import set_roles
from generations.erasing.shares import settle_shares
from generations.leaving.errors import EndedBefore, LeftBefore, TooLateToUndo
from generations.models import Generation
from generations.models.generation import Status
from generations.prompts.errors import CannotBeStopped, TooLateToCancel
from generations.prompts.services import ask_to_stop, cancel
from generations.tasks import erase_departed, tell
from portal.audit import record
from portal.clock import midnight


@transaction.atomic
def leave(artist: Artist, *, shares: Departure.Shares) -> Departure:
    """Leave at once; what is kept of the person is erased in settings.ERASE_AFTER_DAYS.

    Tokens, roles and sessions end. What waits is cancelled with its refund; what renders is asked
    to stop, and what cannot be stopped ends as ever, seen by nobody but its artist. `shares` says
    what becomes of public pages. Raises LeftBefore, and LastManager where nobody else is one.
    """
    _lock(artist)
    own = {"artist": artist, "kind": Departure.Kind.LEFT}
    if Departure.objects.standing().filter(**own).exists():
        raise LeftBefore
    now = timezone.now()
    departure = Departure.objects.create(
        **own,
        by=artist,
        shares=shares,
        ends_at=now,
        erase_at=now + timedelta(days=settings.ERASE_AFTER_DAYS),
    )
    for token in artist.tokens.live():
        revoke(token, by=artist)
    _call_back(artist)
    settle_shares(artist, shares)
    end_all(artist)
    Artist.objects.filter(pk=artist.pk).update(is_superuser=False)
    artist.is_superuser = False
    set_roles(artist, [], by=artist)
    tell.delay_on_commit("departure", departure.pk)
    erase_departed.delay_on_commit()  # public files that name the artist, if they should not
    return departure


@transaction.atomic
def come_back(departure: Departure) -> None:
    """Take back one's own leaving. Tokens, roles and public pages that ended stay so.

    Raises TooLateToUndo.
    """
    if not Departure.objects.undo(departure.pk):
        raise TooLateToUndo
    tell.delay_on_commit("departure", departure.pk)


@transaction.atomic
def end_membership(artist: Artist, *, by: Artist, ends_on: date, reason: str) -> Departure:
    """End another's membership on a day, by the programme's time zone, and tell them why.

    From then on they make nothing new; for settings.TAKE_DAYS they still sign in, look and take.
    Raises EndedBefore.
    """
    _lock(artist)
    ended = {"artist": artist, "kind": Departure.Kind.ENDED}
    if Departure.objects.standing().filter(**ended).exists():
        raise EndedBefore
    ends_at = max(midnight(ends_on), timezone.now())
    erase_at = ends_at + timedelta(days=settings.TAKE_DAYS)
    departure = Departure.objects.create(
        **ended, by=by, reason=reason, ends_at=ends_at, erase_at=erase_at
    )
    facts = {"departure": departure.pk, "ends_at": ends_at, "erase_at": erase_at}
    record("membership.ended", actor=by, subject=artist, facts=facts)
    tell.delay_on_commit("departure", departure.pk)
    return departure


@transaction.atomic
def withdraw_ending(departure: Departure, *, by: Artist) -> None:
    """Let a membership go on that was to end, or had ended. Raises TooLateToUndo."""
    if not Departure.objects.undo(departure.pk):
        raise TooLateToUndo
    facts = {"departure": departure.pk}
    record("membership.restored", actor=by, subject=departure.artist, facts=facts)
    tell.delay_on_commit("departure", departure.pk)


def _lock(artist: Artist) -> None:
    """A prompt takes this lock too, so that none slips in beside the departure."""
    Artist.objects.select_for_update(no_key=True).get(pk=artist.pk)


def _call_back(artist: Artist) -> None:
    own = Generation.objects.filter(artist=artist).select_related("reservation")
    for generation in own.standing(Status.QUEUED):
        with suppress(TooLateToCancel):  # it has just been sent: no create call follows
            cancel(generation)
    for generation in own.standing(Status.RENDERING):
        with suppress(CannotBeStopped):
            ask_to_stop(generation)
