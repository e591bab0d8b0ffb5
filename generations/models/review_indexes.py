"""The indexes of the queue: each way to narrow it down has one, in the order of the pages.

So a page costs the same in a table of any size. What is open is read by its due date, and what is
closed by when it was.
"""

from django.db import models
from django.db.models import Q

OPEN = Q(closed_at=None)
CLOSED = Q(status="closed")
WAITING = Q(status="waiting")
BY_DUE_DATE = ("due_at", "id")
BY_END = ("-closed_at", "-id")

QUEUE_INDEXES = (
    models.Index(fields=[*BY_DUE_DATE], condition=OPEN, name="review_queue"),
    models.Index(fields=["claim_expires_at"], condition=Q(status="claimed"), name="review_claimed"),
    models.Index(fields=["status", *BY_DUE_DATE], condition=OPEN, name="review_open_status"),
    models.Index(fields=["kind", *BY_DUE_DATE], condition=OPEN, name="review_open_kind"),
    models.Index(fields=["cohort", *BY_DUE_DATE], condition=OPEN, name="review_open_cohort"),
    models.Index(fields=["video_model", *BY_DUE_DATE], condition=OPEN, name="review_open_model"),
    models.Index(fields=["level", *BY_DUE_DATE], condition=OPEN, name="review_open_level"),
    models.Index(
        fields=[*BY_DUE_DATE], condition=OPEN & Q(is_flagged=True), name="review_open_flagged"
    ),
    models.Index(fields=["artist"], condition=OPEN, name="review_open_artist"),
    models.Index(
        fields=["claimed_by"], condition=OPEN & Q(claimed_by__isnull=False), name="review_in_hands"
    ),
    models.Index(
        fields=["preferred_reviewer"],
        condition=OPEN & Q(preferred_reviewer__isnull=False),
        name="review_kept",
    ),
    models.Index(fields=["level", *BY_DUE_DATE], condition=WAITING, name="review_next"),
    models.Index(fields=[*BY_DUE_DATE], condition=WAITING, name="review_next_of_all"),
    models.Index(fields=[*BY_END], condition=CLOSED, name="review_closed"),
    models.Index(fields=["kind", *BY_END], condition=CLOSED, name="review_closed_kind"),
    models.Index(fields=["cohort", *BY_END], condition=CLOSED, name="review_closed_cohort"),
    models.Index(fields=["video_model", *BY_END], condition=CLOSED, name="review_closed_model"),
    models.Index(fields=["claimed_by", *BY_END], condition=CLOSED, name="review_closed_by"),
    models.Index(
        fields=[*BY_END], condition=CLOSED & Q(is_flagged=True), name="review_closed_flagged"
    ),
)
