"""Addresses at which an artist's programs hear how a video ended, and what was sent to them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from portal.ids import uuid7

if TYPE_CHECKING:
    from generations.models.decision import Decision

COMPLETED, FAILED = "video.completed", "video.failed"
DECIDED = "submission.decided"
EVENT_TYPES = (COMPLETED, FAILED, DECIDED)
TRIED_FOR = timedelta(days=1)
KEPT_FOR = timedelta(days=30)


class EndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def live(self) -> "EndpointQuerySet":
        """Those that are told anything: what a token made ends with that token (I8)."""
        lasts = Q(token=None) | Q(token__revoked_at=None, token__expires_at__gt=timezone.now())
        return self.filter(lasts, switched_off_at=None, artist__is_active=True)

    def due_deliveries(self) -> models.QuerySet[Any, tuple[UUID, int]]:
        """Of each endpoint that something is due for, the delivery that has waited longest, with
        its artist; those that are due for longest come first.

        One for each, so that nobody's receiver keeps another's waiting.
        """
        due = WebhookDelivery.objects.filter(
            endpoint=OuterRef("pk"), next_try_at__lte=timezone.now()
        ).order_by("next_try_at", "pk")
        first, since = (Subquery(due.values(name)[:1]) for name in ("pk", "next_try_at"))
        waiting = self.live().annotate(due_since=since).exclude(due_since=None)
        return waiting.order_by("due_since", "pk").values_list(first, "artist")


class WebhookEndpoint(models.Model):
    """One address of an artist's. What signs its webhooks is derived, and stored nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="webhook_endpoints")
    token = models.ForeignKey(
        "artists.Token",
        models.CASCADE,
        null=True,
        related_name="webhook_endpoints",
        help_text="The token that made it, and that it ends with. Empty: made in a session.",
    )
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    event_types = models.JSONField(default=list)
    secret_version = models.PositiveIntegerField(default=1)
    earlier_until = models.DateTimeField(
        null=True, help_text="Until then the secret of the version before signs too."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)
    failing_since = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)
    telling_until = models.DateTimeField(null=True, help_text="A worker writes the letter.")
    told_at = models.DateTimeField(null=True, help_text="A mail server has the letter.")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def does_earlier_sign(self) -> bool:
        return self.earlier_until is not None and self.earlier_until > timezone.now()

    @property
    def is_on(self) -> bool:
        return self.switched_off_at is None and not self.ended_with_token

    @property
    def ended_with_token(self) -> bool:
        return self.token is not None and not self.token.is_live


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def note_end(self, generation_id: UUID, *, is_ready: bool) -> None:
        """Write down, for each endpoint that wants to hear it, that a generation has ended."""
        event_type = COMPLETED if is_ready else FAILED
        endpoints = (
            WebhookEndpoint.objects.live()
            .filter(artist__generations=generation_id)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)  # whoever removes one waits for us
        )
        WebhookDelivery.objects.bulk_create(
            [
                WebhookDelivery(endpoint=one, event_type=event_type, generation_id=generation_id)
                for one in endpoints
                if event_type in one.event_types
            ]
        )

    def note_decision(self, decision: "Decision") -> None:
        """Write down, for each endpoint that wants to hear it, that a submission is decided."""
        endpoints = WebhookEndpoint.objects.live().filter(artist=decision.artist_id)
        locked = endpoints.order_by("pk").select_for_update(of=("self",), no_key=True)
        WebhookDelivery.objects.bulk_create(
            [
                WebhookDelivery(
                    endpoint=one,
                    event_type=DECIDED,
                    generation_id=decision.submission.generation_id,
                    decision=decision,
                )
                for one in locked
                if DECIDED in one.event_types
            ]
        )

    def claim(self, delivery_id: UUID, *, seconds: float) -> bool:
        """Take one that is due, for so many seconds; False means that another has it, or that
        its endpoint is not live any more."""
        now = timezone.now()
        live = WebhookEndpoint.objects.live().filter(pk=OuterRef("endpoint"))
        due = self.filter(Exists(live), pk=delivery_id, next_try_at__lte=now)
        until = now + timedelta(seconds=seconds)
        return due.update(next_try_at=until, tries=models.F("tries") + 1) == 1

    def give_up_outdated(self) -> None:
        """Give up what waits although its day is over: its endpoint is off."""
        outdated = self.filter(next_try_at__isnull=False, give_up_at__lt=timezone.now())
        outdated.update(state=WebhookDelivery.State.GIVEN_UP, next_try_at=None)

    def old(self) -> "DeliveryQuerySet":
        return self.filter(next_try_at=None, created_at__lt=timezone.now() - KEPT_FOR)


def _give_up_at() -> datetime:
    return timezone.now() + TRIED_FOR


class WebhookDelivery(models.Model):
    """One event for one endpoint: the row is made with what it tells, and is sent until it is
    heard or a day has passed. Its id is the webhook's, whatever is sent twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event_type = models.CharField(max_length=40)
    generation = models.ForeignKey(
        "generations.Generation",
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="Empty: a test.",
    )
    decision = models.ForeignKey(
        "generations.Decision", models.CASCADE, null=True, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    give_up_at = models.DateTimeField(default=_give_up_at)
    tries = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    answer = models.CharField(
        max_length=60, blank=True, help_text="What came of the last try: HTTP 500, no connection."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_try_at__isnull=False)
                | Q(state__in=["delivered", "given_up"], next_try_at=None),
                name="webhook_delivery_waits_or_has_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="webhook_delivery_due",
            ),
            models.Index(fields=["created_at"], name="webhook_delivery_created"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type}: {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
