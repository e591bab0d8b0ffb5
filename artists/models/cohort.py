"""The group one belongs to, with its quota."""

from django.db import models

from artists.models.limit import Limit


class Cohort(models.Model):
    """A group of artists and what it grants to each of them.

    The `artist_…` fields are what an artist is granted on joining, in credits; empty grants
    without that limit, and all of them empty, without any. A limit on the cohort as a whole is a
    Limit row of its own. The caps count generations of one artist.
    """

    name = models.CharField(max_length=80, unique=True)
    artist_day_credits = models.PositiveIntegerField(
        null=True, blank=True, help_text="What each artist may spend a day. Empty: no such limit."
    )
    artist_month_credits = models.PositiveIntegerField(
        null=True, blank=True, help_text="What each artist may spend a month. Empty: no such limit."
    )
    artist_total_credits = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="What each artist may spend in total. Empty: no such limit. With all three empty "
        "an artist who joins may spend without end, unless a limit of the cohort, of the programme "
        "or of their own stands in the way. A change counts for those who join from now on.",
    )
    running_cap = models.PositiveSmallIntegerField(default=2)
    queued_cap = models.PositiveSmallIntegerField(default=20)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def artist_grants(self) -> dict[Limit.Period, int]:
        """What an artist is granted on joining, in credits by period."""
        grants = {
            Limit.Period.DAY: self.artist_day_credits,
            Limit.Period.MONTH: self.artist_month_credits,
            Limit.Period.TOTAL: self.artist_total_credits,
        }
        return {period: amount for period, amount in grants.items() if amount is not None}
