"""One create call to a provider, stored before it is sent."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from generations.models.generation import Generation, Status
from portal.ids import uuid7
from portal.money import MoneyField


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def mark_sent(self, attempt_id: UUID) -> bool:
        """Say that the call leaves now; False means that it must not.

        It must not when the attempt was called off or sent before (I5), or when its artist may
        not make anything any more (I8).
        """
        may_be_made = Generation.objects.sendable().filter(
            pk=models.OuterRef("generation"), status=Status.SUBMITTING
        )
        # No join: PostgreSQL checks again, after waiting for a row, the row's own columns alone.
        prepared = self.filter(
            models.Exists(may_be_made), pk=attempt_id, state=Attempt.State.PREPARED
        )
        return prepared.update(state=Attempt.State.SENT, sent_at=timezone.now()) == 1

    def accept(self, attempt_id: UUID, job_id: str) -> bool:
        """Keep the job that a sent attempt became; False means that it is settled already."""
        sent = self.filter(pk=attempt_id, state=Attempt.State.SENT)
        return sent.update(state=Attempt.State.ACCEPTED, provider_job_id=job_id) == 1

    def turn_away(self, attempt_id: UUID) -> bool:
        """End a sent attempt that became nothing; False means that it is settled already."""
        sent = self.filter(pk=attempt_id, state=Attempt.State.SENT)
        return sent.update(state=Attempt.State.TURNED_AWAY) == 1

    def unknown(self) -> "AttemptQuerySet":
        """Those whose outcome is open: what stands UNKNOWN, in the order of their deadlines."""
        return self.filter(
            state=Attempt.State.SENT,
            generation__status=Status.UNKNOWN,
            generation__finished_at=None,
        ).order_by("generation__moved_at")

    def given_up(self) -> "AttemptQuerySet":
        """Those that nobody heard of until their deadline, the last first."""
        return self.filter(
            state=Attempt.State.SENT, generation__finished_at__isnull=False
        ).order_by("-generation__finished_at")

    def cost_of(self, generation_id: UUID) -> int | None:
        """What a provider says that it billed for a generation; None where it said nothing.

        In ten-thousandths of the programme's currency.
        """
        total = self.filter(generation=generation_id).aggregate(total=models.Sum("cost"))["total"]
        return None if total is None else int(total)

    def call_off(self, attempt_id: UUID) -> bool:
        """End an attempt that was never sent; False means that it was."""
        prepared = self.filter(pk=attempt_id, state=Attempt.State.PREPARED)
        return prepared.update(state=Attempt.State.CALLED_OFF) == 1


class Attempt(models.Model):
    """One create call. The database allows one that was sent and not turned away, so that no
    generation is paid for twice (I5)."""

    class State(models.TextChoices):
        PREPARED = "prepared"
        CALLED_OFF = "called_off"  # never sent
        SENT = "sent"  # the outcome is not known (yet)
        ACCEPTED = "accepted"
        TURNED_AWAY = "turned_away"  # the provider said no, or was never reached

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    generation = models.ForeignKey(
        "generations.Generation", models.CASCADE, related_name="attempts"
    )
    provider = models.CharField(max_length=40)
    state = models.CharField(max_length=11, choices=State, default=State.PREPARED)
    provider_job_id = models.CharField(max_length=1024, blank=True)
    native_status = models.CharField(
        max_length=200, blank=True, help_text="As the provider says it."
    )
    cost = MoneyField(
        null=True,
        help_text="What the provider says that it billed. Empty: it said nothing (yet).",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    looked_for_at = models.DateTimeField(null=True, help_text="In the provider's list.")
    findings = models.CharField(
        max_length=300, blank=True, help_text="What the provider's list showed of it."
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        permissions = [("settle_attempt", "Can say what became of a create call")]
        indexes = [models.Index(fields=["state"], name="attempt_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(state__in=["prepared", "sent", "accepted"]),
                name="attempt_is_one_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_job_id"],
                condition=~Q(provider_job_id=""),
                name="attempt_owns_its_job",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.id}: {self.state}"
