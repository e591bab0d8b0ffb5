"""Reserve, settle, refund: every credit moves here, inside the caller's transaction."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from artists.models import Artist, Cohort, Hold, LedgerEntry, Limit, Reservation, Window
from artists.quotas.errors import NoLimitSet, QuotaExceeded

Kind = LedgerEntry.Kind


@transaction.atomic
def reserve(*, artist: Artist, amount: int) -> Reservation:
    """Hold credits in every window that binds the artist, or in none (I3).

    The windows are taken in one fixed order, each by one conditional UPDATE.
    Raises QuotaExceeded, which names the first window that has too little free, and NoLimitSet
    where there is no window and the artist's cohort did not choose that.
    """
    windows = open_windows(artist)
    if not windows and not _may_spend_without_end(artist):
        raise NoLimitSet
    reservation = Reservation.objects.create(artist=artist, credits=amount)
    for window in windows:
        if not Window.objects.hold(window.pk, amount):
            window.refresh_from_db(fields=["credits", "held", "spent"])
            raise QuotaExceeded(window, needed=amount)
    Hold.objects.bulk_create(Hold(reservation=reservation, window=window) for window in windows)
    _enter(Kind.HOLD, windows, reservation, held=amount)
    return reservation


@transaction.atomic
def settle(reservation: Reservation, *, amount: int) -> bool:
    """Spend `amount` of a held reservation and free the rest; False if it was closed before (I4).

    `amount` is at most what was held: the database refuses more.
    """
    if not Reservation.objects.close(reservation.pk, Reservation.State.SETTLED, settled=amount):
        return False
    _close(Kind.SETTLE, reservation, spent=amount)
    return True


@transaction.atomic
def refund(reservation: Reservation) -> bool:
    """Give a held reservation back; False if it was closed before (I4)."""
    if not Reservation.objects.close(reservation.pk, Reservation.State.REFUNDED):
        return False
    _close(Kind.REFUND, reservation, spent=0)
    return True


@transaction.atomic
def grant(limit: Limit, *, amount: int, granted_by: Cohort | None = None) -> None:
    """Set a limit's ceiling, now and for the periods to come; one that had ended binds again.

    `granted_by` is the cohort that grants it to an artist on joining; None for one set by hand.
    What is held or spent already stays: a ceiling lowered below it stops at it, and comes down
    as holds close.
    """
    limit.credits, limit.granted_by, limit.ended_at = amount, granted_by, None
    limit.save(update_fields=["credits", "granted_by", "ended_at"])
    window = _open_window(limit, timezone.now())
    _set_ceiling(Window.objects.select_for_update().get(pk=window.pk), amount)


def end(limit: Limit) -> None:
    """Let a limit bind nobody from now on. What it holds closes in its windows as ever."""
    limit.ended_at = timezone.now()
    limit.save(update_fields=["ended_at"])


def open_windows(artist: Artist) -> list[Window]:
    """The periods now running under every limit that binds the artist, in the order of taking."""
    now = timezone.now()
    limits = list(Limit.objects.binding(artist))
    starts = {limit.pk: limit.period_start(now) for limit in limits}
    running = {
        window.limit_id: window
        for window in Window.objects.filter(limit__in=limits, starts_at__in=starts.values())
        if window.starts_at == starts[window.limit_id]
    }
    windows = []
    for limit in limits:
        window = running.get(limit.pk) or _open_window(limit, now)
        window.limit = limit
        windows.append(window)
    return windows


def _may_spend_without_end(artist: Artist) -> bool:
    """Tell whether a manager put the artist into a cohort that grants without limits."""
    return artist.cohort is not None and not artist.cohort.artist_grants


def _open_window(limit: Limit, at: datetime) -> Window:
    """Open the period that `at` falls in, once, with its grant in the ledger."""
    with transaction.atomic():
        window, is_new = Window.objects.get_or_create(
            limit=limit, starts_at=limit.period_start(at), defaults={"credits": limit.credits}
        )
        if is_new:
            LedgerEntry.objects.create(window=window, kind=Kind.GRANT, credits=limit.credits)
    return window


def _close(kind: LedgerEntry.Kind, reservation: Reservation, *, spent: int) -> None:
    windows = list(Window.objects.filter(holds__reservation=reservation).order_by("limit_id"))
    for window in windows:
        Window.objects.close(window.pk, held=reservation.credits, spent=spent)
    _enter(kind, windows, reservation, held=-reservation.credits, spent=spent)
    _lower_to_limits(windows)


def _lower_to_limits(windows: list[Window]) -> None:
    """Take back what a lowered limit had to leave standing, as far as it is free now.

    The caller's own UPDATE has locked the windows. A limit lowered after this reads it is lowered
    by a `grant` that waits for that lock, and sees what is free then.
    """
    closed = Window.objects.select_related("limit").filter(pk__in=[one.pk for one in windows])
    for window in closed.order_by("limit_id"):
        _set_ceiling(window, min(window.credits, window.limit.credits))


def _set_ceiling(window: Window, amount: int) -> None:
    """Bring a locked window to a ceiling, or as near to it as what is held and spent allows."""
    ceiling = max(amount, window.held + window.spent)
    if ceiling == window.credits:
        return
    Window.objects.filter(pk=window.pk).update(credits=ceiling)
    LedgerEntry.objects.create(window=window, kind=Kind.ADJUST, credits=ceiling - window.credits)


def _enter(
    kind: LedgerEntry.Kind,
    windows: list[Window],
    reservation: Reservation,
    *,
    held: int,
    spent: int = 0,
) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(window=window, reservation=reservation, kind=kind, held=held, spent=spent)
        for window in windows
    )
