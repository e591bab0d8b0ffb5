"""Pausing and lifting. What waits and what runs is the work of those who make videos."""

from django.db import IntegrityError, transaction

from artists.access.errors import LiftedBefore, PausedBefore
from artists.models import Artist, Pause
from portal.audit import record

TERMS = ("expected_end", "cancels_queued", "stops_running", "allows_looking")


@transaction.atomic
def pause(new: Pause, *, by: Artist | None) -> Pause:
    """Put a pause in force that is not stored yet; it holds once this is committed (I8).

    `by` is None for somebody at the command line. Raises PausedBefore where its scope is paused.
    """
    new.made_by = by
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        raise PausedBefore from error
    _record("pause.made", new, by=by, **{name: getattr(new, name) for name in TERMS})
    return new


@transaction.atomic
def lift(paused: Pause, *, by: Artist | None) -> None:
    """End a pause. Raises LiftedBefore."""
    if not Pause.objects.lift(paused.pk, by=by):
        raise LiftedBefore
    _record("pause.lifted", paused, by=by)


def _record(verb: str, paused: Pause, *, by: Artist | None, **facts: object) -> None:
    """Write down what and how; the reason stands with the pause, for words may name people."""
    key = paused.token_id or paused.artist_id or paused.video_model_id or paused.cohort_id
    record(verb, actor=by, subject=paused, facts={"scope": paused.scope, "key": key, **facts})
