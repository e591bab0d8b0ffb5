"""The period now running under each limit, and the ceiling that it has at this moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, F, IntegerField, Q
from django.utils import timezone

from artists.models import Artist, Cohort, LedgerEntry, Limit, Raise, Token, Window
from artists.models.limit import NOBODY, LimitQuerySet
from portal.prepared import Arg, Select

Kind = LedgerEntry.Kind


@dataclass(frozen=True)
class Act:
    """Who changed a ceiling and why, and what became of the limit itself.

    None for a limit says "no limit". `is_done` is false where it came about by itself.
    """

    is_done: bool = True
    by: Artist | None = None
    reason: str = ""
    limit_was: int | None = None
    limit_became: int | None = None
    limit_was_granted_by: Cohort | None = None
    undoes: LedgerEntry | None = None


BY_ITSELF = Act(is_done=False)
RAISE_MOVED = Act(is_done=False, reason="A raise has begun or ended.")


def open_windows(artist: Artist, *, token: Token | None = None) -> list[Window]:
    """The periods now running under every limit that binds, locked, at the ceiling of this moment.

    They are locked in the caller's transaction. Raises TransactionManagementError without one.

    Limits are locked first, then their windows, each in the one order of `binding`, so that two
    of these never wait for each other. A window that nobody needed yet is opened.
    """
    now = timezone.now()
    limits = _BINDING.rows(
        artist=artist.pk, cohort=artist.cohort_id or NOBODY, token=token.pk if token else NOBODY
    )
    running = _lock_running(limits, now)
    windows = []
    for limit in limits:
        window = running.get(limit.pk) or open_window(limit)[0]
        if window.is_outdated(now):
            window = bring_to_ceiling(window.pk, RAISE_MOVED)
        window.limit = limit
        windows.append(window)
    return windows


def read_windows(limits: Iterable[Limit]) -> list[Window]:
    """The same for pages: as they stand at this moment, with their raises, and nothing written.

    Four queries at most, however many limits there are.
    """
    now = timezone.now()
    limits = list(limits)
    running = _by_limit(Window.objects.of_periods(_periods(limits, now)))
    raises: dict[int, list[Raise]] = defaultdict(list)
    if len(running) < len(limits) or any(one.ceiling_until for one in running.values()):
        for one in Raise.objects.standing(now).filter(limit__in=limits):
            raises[one.limit_id].append(one)
    windows = []
    for limit in limits:
        ceiling, until = limit.ceiling_at(now, raises[limit.pk])
        window = running.get(limit.pk) or Window(starts_at=limit.period_start(now), ceiling=ceiling)
        if window.is_outdated(now):
            window.ceiling = max(ceiling, window.held + window.spent)
        window.limit, window.ceiling_until = limit, until
        window.running_raises = [one for one in raises[limit.pk] if one.is_running(now)]
        windows.append(window)
    return windows


def credit_windows(limits: LimitQuerySet) -> list[Window]:
    """What an artist is shown of the windows: those in credits, in the order of reading."""
    windows = read_windows(limits.filter(unit=Limit.Unit.CREDITS).select_related("token"))
    return sorted(windows, key=lambda one: one.limit.reading_order)


@transaction.atomic
def open_window(limit: Limit, act: Act = BY_ITSELF) -> tuple[Window, bool]:
    """Open the period now running, once, with its grant in the ledger; True says that it is new.

    The limit's lock makes whoever changes the limit or raises it wait, so that a period that
    begins at that moment does not miss it.
    """
    limit = Limit.objects.select_for_update(no_key=True).get(pk=limit.pk)
    now = timezone.now()
    ceiling, until = limit.ceiling_at(now, limit.raises.standing(now))
    window, is_new = Window.objects.get_or_create(
        limit=limit,
        starts_at=limit.period_start(now),
        defaults={"ceiling": ceiling, "ceiling_until": until},
    )
    if is_new:
        _enter(window, Kind.GRANT, ceiling, act)
    return window, is_new


@transaction.atomic
def bring_to_ceiling(window_id: int, act: Act = BY_ITSELF) -> Window:
    """Bring a window to the ceiling of this moment, or as near as what is held and spent allows.

    The window's lock comes first: what is read after it cannot be older than what another wrote.
    An act is entered even where it changes nothing in this period.
    """
    window = Window.objects.select_for_update(no_key=True).get(pk=window_id)
    limit = Limit.objects.get(pk=window.limit_id)
    now = timezone.now()
    ceiling, until = limit.ceiling_at(now, limit.raises.standing(now))
    ends_at = limit.period_end(window.starts_at)
    if ends_at is not None and ends_at <= now:  # a period that is over is raised by nothing
        ceiling, until = min(window.ceiling, limit.ceiling), None
    ceiling = max(ceiling, window.held + window.spent)
    if (ceiling, until) != (window.ceiling, window.ceiling_until):
        Window.objects.filter(pk=window.pk).update(ceiling=ceiling, ceiling_until=until)
    if ceiling != window.ceiling or act.is_done:
        _enter(window, Kind.ADJUST, ceiling - window.ceiling, act)
    window.ceiling, window.ceiling_until = ceiling, until
    return window


def lower_to_limits(windows: Sequence[Window]) -> None:
    """Take back what a lowered limit or an ended raise had to leave standing, as far as it is free.

    The caller's own UPDATE has locked the windows. A limit lowered after this reads it is lowered
    by a `grant` that waits for that lock, and sees what is free then.
    """
    loose = Q(ceiling__gt=F("limit__ceiling")) | Q(ceiling_until__lte=timezone.now())
    found = Window.objects.filter(loose, pk__in=[one.pk for one in windows]).order_by("limit_id")
    for window_id in found.values_list("pk", flat=True):
        bring_to_ceiling(window_id)


def follow_raises() -> int:
    """Bring every window to its ceiling under which a raise has begun or ended; return how many.

    Nothing waits for this: whoever reserves brings a window to its ceiling first. It keeps the
    ledger up to the day where nobody reserves.
    """
    outdated = Window.objects.outdated(timezone.now()).order_by("ceiling_until")
    window_ids = list(outdated.values_list("pk", flat=True))
    for window_id in window_ids:
        bring_to_ceiling(window_id, RAISE_MOVED)
    return len(window_ids)


def _lock_running(limits: Sequence[Limit], at: datetime) -> dict[int, Window]:
    """The windows there are of the periods that run, locked, by their limits."""
    if not limits:
        return {}
    values: dict[str, Any] = {}
    for place, (limit, starts_at) in enumerate(_periods(limits, at)):
        values |= {f"limit{place}": limit, f"starts_at{place}": starts_at}
    return _by_limit(_locking_running(len(limits)).rows(**values))


def _periods(limits: Iterable[Limit], at: datetime) -> list[tuple[int, datetime]]:
    return [(limit.pk, limit.period_start(at)) for limit in limits]


def _by_limit(windows: Iterable[Window]) -> dict[int, Window]:
    return {one.limit_id: one for one in windows}


_BINDING = Select(
    lambda: Limit.objects.binding_keys(
        **{name: Arg(name, IntegerField()) for name in ("artist", "cohort", "token")}
    ).select_for_update(no_key=True)
)


@cache
def _locking_running(count: int) -> Select[Window]:
    periods = [
        (Arg(f"limit{place}", IntegerField()), Arg(f"starts_at{place}", DateTimeField()))
        for place in range(count)
    ]
    return Select(lambda: Window.objects.of_periods(periods).select_for_update(no_key=True))


def _enter(window: Window, kind: LedgerEntry.Kind, ceiling: int, act: Act) -> None:
    LedgerEntry.objects.create(
        window=window,
        kind=kind,
        ceiling=ceiling,
        by=act.by,
        reason=act.reason,
        limit_was=act.limit_was,
        limit_became=act.limit_became,
        limit_was_granted_by=act.limit_was_granted_by,
        undoes=act.undoes,
    )
