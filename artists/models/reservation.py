"""What one generation holds: credits, and the money that its provider is expected to bill."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from artists.models.limit import Limit


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def close(
        self,
        reservation_id: int,
        to: "Reservation.State",
        *,
        amount: int,
        money: int,
        cost: int | None,
    ) -> bool:
        """Settle or refund a held reservation; False means that it was closed before (I4)."""
        held = self.filter(pk=reservation_id, state=Reservation.State.HELD)
        closed = held.update(
            state=to,
            closed_at=timezone.now(),
            settled_credits=amount,
            settled_money=money,
            cost=cost,
        )
        return closed == 1


class Reservation(models.Model):
    """Credits and money held for one generation. It closes once, in a settlement or a refund.

    The state speaks of the credits. Money is in ten-thousandths of the programme's currency; a
    refund of the credits may still settle money where the provider bills all the same. `cost` may
    be more than `settled_money`: what is settled stays within the hold.
    """

    class State(models.TextChoices):
        HELD = "held"
        SETTLED = "settled"
        REFUNDED = "refunded"

    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="reservations")
    credits = models.PositiveIntegerField()
    settled_credits = models.PositiveIntegerField(default=0)
    money = models.PositiveBigIntegerField(
        null=True, help_text="What the provider is expected to bill. Empty: its price is not known."
    )
    settled_money = models.PositiveBigIntegerField(default=0)
    cost = models.PositiveBigIntegerField(
        null=True, help_text="What the provider says that it billed. Empty: it said nothing."
    )
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_credits__lte=F("credits")),
                name="reservation_settles_within_its_hold",
            ),
            models.CheckConstraint(
                condition=Q(settled_money=0)
                | Q(money__isnull=False, settled_money__lte=F("money")),
                name="reservation_settles_money_within_its_hold",
            ),
        ]
        indexes = [
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="reservation_closed",
            ),
            models.Index(
                fields=["artist", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="reservation_closed_of_artist",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credits} credits, {self.state}"

    def held_in(self, unit: str) -> int:
        """What it takes from each window of a unit; nothing where the price is not known."""
        return (self.money or 0) if unit == Limit.Unit.MONEY else self.credits

    @property
    def excess(self) -> int:
        """Money that the provider billed beyond what was held."""
        return max((self.cost or 0) - (self.money or 0), 0)
