"""The append-only account of every credit."""

from django.db import models


class LedgerEntry(models.Model):
    """One change of one window: the counters of a window are the sums of its entries (I3)."""

    class Kind(models.TextChoices):
        GRANT = "grant"
        HOLD = "hold"
        SETTLE = "settle"
        REFUND = "refund"
        ADJUST = "adjust"

    window = models.ForeignKey("artists.Window", models.PROTECT, related_name="entries")
    reservation = models.ForeignKey(
        "artists.Reservation", models.PROTECT, null=True, related_name="entries"
    )
    kind = models.CharField(max_length=6, choices=Kind)
    credits = models.IntegerField(default=0, help_text="Change of the ceiling.")
    held = models.IntegerField(default=0, help_text="Change of what is held.")
    spent = models.IntegerField(default=0, help_text="Change of what is spent.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(
                fields=["window", "reservation", "kind"],
                condition=models.Q(reservation__isnull=False),
                name="ledger_entry_is_one_a_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.credits:+d} ceiling, {self.held:+d} held, {self.spent:+d} spent"
