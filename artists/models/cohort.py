"""The group one belongs to, with its quota."""

from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from artists.models.artist import Artist
from artists.models.invitation import Invitation
from artists.models.limit import Limit
from portal.clock import programme_day


class CohortQuerySet(models.QuerySet["Cohort"]):
    def with_places_used(self) -> Self:
        """With `artists_in` and `invited`, the places that open invitations still promise."""
        members = Artist.objects.filter(cohort=OuterRef("pk"))
        promised = Invitation.objects.open().filter(cohort=OuterRef("pk"))
        return self.annotate(
            artists_in=_in_all(members, models.Count("pk")),
            invited=_in_all(promised, Sum(F("max_uses") - F("uses"))),
        ).annotate(places_used=F("artists_in") + F("invited"))

    def places_used(self, cohort_id: int) -> int:
        """How many are in it or hold an open invitation into it."""
        used = self.with_places_used().values_list("places_used", flat=True)
        return int(used.get(pk=cohort_id))


def _in_all(rows: models.QuerySet, figure: models.Aggregate) -> Coalesce:
    """A figure of each cohort's own rows, 0 where there are none."""
    one = Subquery(
        rows.values("cohort").annotate(figure=figure).values("figure"),
        output_field=models.IntegerField(),
    )
    return Coalesce(one, Value(0))


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
    starts_on = models.DateField(null=True, blank=True, help_text="Empty: it has begun.")
    ends_on = models.DateField(
        null=True, blank=True, help_text="The last day on which its artists make clips."
    )
    places = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many artists it takes. Empty: as many as come."
    )
    needs_two_reviewers = models.BooleanField(
        "Two people decide",
        default=False,
        help_text="What its artists submit needs two people who agree.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quota_scope(self) -> str:
        """Its name in the address of the page of quotas."""
        return f"cohort-{self.pk}"

    @property
    def has_begun(self) -> bool:
        return self.starts_on is None or self.starts_on <= programme_day()

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on < programme_day()

    @property
    def is_running(self) -> bool:
        """Whether its artists may make clips today, in settings.TIME_ZONE."""
        return self.has_begun and not self.has_ended

    @property
    def artist_grants(self) -> dict[Limit.Period, int]:
        """What an artist is granted on joining, in credits by period."""
        grants = {
            Limit.Period.DAY: self.artist_day_credits,
            Limit.Period.MONTH: self.artist_month_credits,
            Limit.Period.TOTAL: self.artist_total_credits,
        }
        return {period: amount for period, amount in grants.items() if amount is not None}
