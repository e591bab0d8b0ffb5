"""Credits held for one generation."""

from django.db import models
from django.utils import timezone


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def close(self, reservation_id: int, to: "Reservation.State", *, settled: int = 0) -> bool:
        """Settle or refund a held reservation; False means that it was closed before (I4)."""
        held = self.filter(pk=reservation_id, state=Reservation.State.HELD)
        return held.update(state=to, settled_credits=settled, closed_at=timezone.now()) == 1


class Reservation(models.Model):
    """Credits held for one generation. It closes once, in a settlement or a refund."""

    class State(models.TextChoices):
        HELD = "held"
        SETTLED = "settled"
        REFUNDED = "refunded"

    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="reservations")
    credits = models.PositiveIntegerField()
    settled_credits = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(settled_credits__lte=models.F("credits")),
                name="reservation_settles_within_its_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credits} credits, {self.state}"


class Hold(models.Model):
    """The window that a reservation took credits from; it gives them back to that one."""

    reservation = models.ForeignKey(Reservation, models.CASCADE, related_name="holds")
    window = models.ForeignKey("artists.Window", models.PROTECT, related_name="holds")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reservation", "window"], name="hold_is_one_a_window"),
        ]

    def __str__(self) -> str:
        return f"hold of {self.reservation_id} on window {self.window_id}"
