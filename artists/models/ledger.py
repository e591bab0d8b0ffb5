"""The append-only account of every credit, and of the money that goes with it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from artists.models.limit import Limit


class LedgerEntry(models.Model):
    """One change of one window: the counters of a window are the sums of its entries (I3).

    Amounts are in the unit of the window's limit. An entry by which somebody changed the limit
    itself says from what to what, so that it can be undone by an entry the opposite way; None
    stands for "no limit".
    """

    class Kind(models.TextChoices):
        GRANT = "grant"
        HOLD = "hold"
        SETTLE = "settle"
        REFUND = "refund"
        ADJUST = "adjust"
        COST = "cost"  # billed by the provider, and told when the reservation was closed

    window = models.ForeignKey(
        "artists.Window", models.PROTECT, related_name="entries", db_index=False
    )
    reservation = models.ForeignKey(
        "artists.Reservation", models.PROTECT, null=True, related_name="entries"
    )
    kind = models.CharField(max_length=6, choices=Kind)
    ceiling = models.BigIntegerField(default=0, help_text="Change of the ceiling.")
    held = models.BigIntegerField(default=0, help_text="Change of what is held.")
    spent = models.BigIntegerField(default=0, help_text="Change of what is spent.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        "artists.Artist",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who granted or adjusted. Empty: the system, or somebody at the command line.",
    )
    reason = models.CharField(max_length=300, blank=True)
    limit_was = models.PositiveBigIntegerField(null=True)
    limit_became = models.PositiveBigIntegerField(null=True)
    limit_was_granted_by = models.ForeignKey(
        "artists.Cohort",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The cohort that had granted the limit before it was changed.",
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by", help_text="Once each."
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(
                fields=["window", "reservation", "kind"],
                condition=Q(reservation__isnull=False),
                name="ledger_entry_is_one_a_step",
            ),
            models.CheckConstraint(
                condition=Q(by=None) | Q(kind__in=["grant", "adjust"]) & ~Q(reason=""),
                name="ledger_entry_by_somebody_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="cost")
                | Q(reservation__isnull=False, spent__gt=0, held=0, ceiling=0),
                name="ledger_entry_of_a_cost_spends_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["window", "-id"], name="ledger_entry_of_window"),
            models.Index(
                fields=["window", "-id"],
                condition=Q(reservation__isnull=True),
                name="ledger_entry_of_limit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.ceiling:+d} ceiling, {self.held:+d} held, {self.spent:+d} spent"

    def still_holds_for(self, limit: "Limit") -> bool:
        """Whether it changed the limit, and the limit is what that change made of it yet."""
        is_a_change = self.limit_was != self.limit_became
        return is_a_change and limit.standing_ceiling == self.limit_became
