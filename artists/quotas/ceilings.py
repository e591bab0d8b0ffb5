"""Setting limits, raising them for a time, ending and undoing: each stands in the ledger.

Where somebody does it there is a reason too, and an event of the audit trail.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.models import Artist, Cohort, LedgerEntry, Limit, Raise
from artists.quotas.errors import ChangedSince, RaiseIsOver, UndoneBefore
from artists.quotas.windows import Act, bring_to_ceiling, open_window
from portal.audit import record

REASON_MAX_CHARS = 300


@transaction.atomic
def grant(
    limit: Limit,
    *,
    amount: int,
    granted_by: Cohort | None = None,
    by: Artist | None = None,
    reason: str = "",
    undoes: LedgerEntry | None = None,
) -> None:
    """Set a limit's ceiling, now and for the periods to come; a new or ended one binds from now.

    `amount` is in the limit's unit. `granted_by` is the cohort that grants it to an artist on
    joining; None for one set by hand. `by` is None for the system; somebody gives a reason, the
    database demands it. What is held or spent already stays: a ceiling lowered below it stops at
    it, and comes down as holds close. Raises ChangedSince where a new limit has just been set by
    somebody else.
    """
    limit.ceiling, was, was_granted_by = amount, None, None
    if limit.pk:
        locked = _lock(limit)
        was, was_granted_by = locked.standing_ceiling, locked.granted_by
    else:
        _insert(limit)
    limit.ceiling, limit.granted_by, limit.ended_at = amount, granted_by, None
    limit.save(update_fields=["ceiling", "granted_by", "ended_at"])
    act = Act(
        by=by,
        reason=reason,
        limit_was=was,
        limit_became=amount,
        limit_was_granted_by=was_granted_by,
        undoes=undoes,
    )
    window, is_new = open_window(limit, act)
    if not is_new:
        bring_to_ceiling(window.pk, act)
    _record("limit.set", limit, by=by, was=was, became=amount)


@transaction.atomic
def end(
    limit: Limit,
    *,
    by: Artist | None = None,
    reason: str = "",
    undoes: LedgerEntry | None = None,
) -> None:
    """Let a limit bind nobody from now on. What it holds closes in its windows as ever.

    Raises ChangedSince where it has ended already.
    """
    locked = _lock(limit)
    if locked.ended_at is not None:
        raise ChangedSince
    limit.ended_at = timezone.now()
    limit.save(update_fields=["ended_at"])
    act = Act(
        by=by,
        reason=reason,
        limit_was=locked.ceiling,
        limit_was_granted_by=locked.granted_by,
        undoes=undoes,
    )
    window, _ = open_window(limit)
    bring_to_ceiling(window.pk, act)
    _record("limit.ended", limit, by=by, was=locked.ceiling)


@transaction.atomic
def raise_for_a_time(
    limit: Limit,
    *,
    extra: int,
    starts_at: datetime,
    ends_at: datetime,
    by: Artist | None,
    reason: str,
) -> Raise:
    """Let a limit be higher by `extra` from one moment to another, exactly until its end.

    What is held or spent beyond it then stays, and the ceiling comes down as holds close.
    """
    window, _ = open_window(limit)
    made = Raise.objects.create(
        limit=limit, extra=extra, starts_at=starts_at, ends_at=ends_at, by=by, reason=reason
    )
    bring_to_ceiling(window.pk, Act(by=by, reason=reason))
    _record("limit.raised", limit, by=by, extra=extra, starts_at=starts_at, ends_at=ends_at)
    return made


@transaction.atomic
def end_raise(raised: Raise, *, by: Artist | None, reason: str) -> None:
    """End a raise before its time. Raises RaiseIsOver."""
    window, _ = open_window(raised.limit)
    if not Raise.objects.end(raised.pk, at=timezone.now()):
        raise RaiseIsOver
    bring_to_ceiling(window.pk, Act(by=by, reason=reason))
    _record("raise.ended", raised.limit, by=by, extra=raised.extra)


@transaction.atomic
def undo(entry: LedgerEntry, *, by: Artist) -> None:
    """Take a change of a limit back, by an entry the opposite way that names the one it undoes.

    Raises UndoneBefore, and ChangedSince where the limit is not what that change made of it.
    """
    limit = _lock(entry.window.limit)
    if LedgerEntry.objects.filter(undoes=entry).exists():
        raise UndoneBefore
    if not entry.still_holds_for(limit):
        raise ChangedSince
    reason = f"Undone: {entry.reason}"[:REASON_MAX_CHARS]
    if entry.limit_was is None:
        end(limit, by=by, reason=reason, undoes=entry)
    else:
        grant(
            limit,
            amount=entry.limit_was,
            granted_by=entry.limit_was_granted_by,
            by=by,
            reason=reason,
            undoes=entry,
        )


def _lock(limit: Limit) -> Limit:
    """Let one change of a limit at a time begin; whoever opens its next period waits too.

    `open_window` locks it in the same way.
    """
    return Limit.objects.select_for_update(no_key=True).get(pk=limit.pk)


def _insert(limit: Limit) -> None:
    try:
        with transaction.atomic():
            limit.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedSince from error


def _record(verb: str, limit: Limit, *, by: Artist | None, **facts: object) -> None:
    """Write it into the audit trail, unless the system or an artist's own token is concerned.

    The reason stands in the ledger alone: words may name people, and the trail stays for ever.
    """
    if by is not None and (limit.token is None or limit.token.artist_id != by.pk):
        record(verb, actor=by, subject=limit, facts=facts)
