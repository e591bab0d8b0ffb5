"""The indexes of the queue: each way to narrow it down has one, in the order of the pages.

So a page costs the same in a table of any size. What is open is read by its due date, and what is
closed by when it was. Behind the order each carries what else can be asked for, so that of two
ways together one is read along, and the other is seen in the index, without the rows.
"""

from django.db import models
from django.db.models import Q

OPEN = Q(closed_at=None)
CLOSED = Q(status="closed")
WAITING = Q(status="waiting")
CLAIMED = Q(status="claimed")
BY_DUE_DATE = ("due_at", "id")
BY_END = ("-closed_at", "-id")
ASKED = ("status", "kind", "level", "is_flagged", "cohort", "video_model")


def _open(name: str, *along: str, condition: Q = OPEN) -> models.Index:
    return models.Index(fields=_fields(along, BY_DUE_DATE), condition=condition, name=name)


def _closed(name: str, *along: str, condition: Q = CLOSED) -> models.Index:
    return models.Index(fields=_fields(along, BY_END), condition=condition, name=name)


def _fields(along: tuple[str, ...], order: tuple[str, ...]) -> list[str]:
    return [*along, *order, *(column for column in ASKED if column not in along)]


QUEUE_INDEXES = (
    _open("review_queue"),
    _open("review_open_status", "status"),
    _open("review_open_kind", "kind"),
    _open("review_open_cohort", "cohort"),
    _open("review_open_model", "video_model"),
    _open("review_open_level", "level"),
    _open("review_open_flagged", condition=OPEN & Q(is_flagged=True)),
    _closed("review_closed"),
    _closed("review_closed_kind", "kind"),
    _closed("review_closed_cohort", "cohort"),
    _closed("review_closed_model", "video_model"),
    _closed("review_closed_by", "claimed_by"),
    _closed("review_closed_flagged", condition=CLOSED & Q(is_flagged=True)),
    models.Index(fields=["claim_expires_at"], condition=CLAIMED, name="review_claimed"),
    models.Index(fields=["artist"], condition=OPEN, name="review_open_artist"),
    models.Index(
        fields=["claimed_by"], condition=OPEN & Q(claimed_by__isnull=False), name="review_in_hands"
    ),
    models.Index(fields=["claimed_by", "claim_expires_at"], condition=CLAIMED, name="review_held"),
    models.Index(
        fields=["preferred_reviewer"],
        condition=OPEN & Q(preferred_reviewer__isnull=False),
        name="review_kept",
    ),
    models.Index(fields=["level", *BY_DUE_DATE], condition=WAITING, name="review_next"),
    models.Index(fields=[*BY_DUE_DATE], condition=WAITING, name="review_next_of_all"),
)
