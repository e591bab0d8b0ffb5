"""Whose limits a manager looks at: the programme's, a cohort's or an artist's."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from artists.models import Artist, Cohort, LedgerEntry, Limit, Raise, Reservation
from artists.models.limit import OF_PROGRAMME, LimitQuerySet

FOUND_MAX = 20


@dataclass(frozen=True)
class Scope:
    """Whose limits these are. Neither a cohort nor an artist: the programme's."""

    cohort: Cohort | None = None
    artist: Artist | None = None

    def __str__(self) -> str:
        return str(self.artist or self.cohort or "The programme")

    @property
    def slug(self) -> str:
        if self.artist:
            return f"artist-{self.artist.pk}"
        return f"cohort-{self.cohort.pk}" if self.cohort else "programme"

    @property
    def kind(self) -> str:
        return self.slug.partition("-")[0]

    def get_absolute_url(self) -> str:
        return reverse("artists:quotas", args=[self.slug])

    @property
    def above(self) -> "Scope | None":
        """The cohort of an artist."""
        return Scope(cohort=self.artist.cohort) if self.artist and self.artist.cohort else None

    @property
    def limits(self) -> LimitQuerySet:
        """Its own limits, ended ones too; an artist's tokens have theirs."""
        if self.artist:
            return Limit.objects.filter(artist=self.artist)
        return Limit.objects.filter(cohort=self.cohort) if self.cohort else _programme_limits()

    @property
    def token_limits(self) -> LimitQuerySet:
        if self.artist is None:
            return Limit.objects.none()
        return Limit.objects.standing().filter(
            token__artist=self.artist, token__in=self.artist.tokens.live()
        )

    @property
    def reservations(self) -> QuerySet[Reservation]:
        """What its artists reserved: those who are in a cohort now, for a cohort."""
        if self.artist:
            return Reservation.objects.filter(artist=self.artist)
        if self.cohort:
            return Reservation.objects.filter(artist__cohort=self.cohort)
        return Reservation.objects.all()

    @property
    def changes(self) -> QuerySet[LedgerEntry]:
        """Entries with a reason, the last first; none of them is of a reservation."""
        of_limits = LedgerEntry.objects.filter(reservation=None, window__limit__in=self.limits)
        with_reason = of_limits.exclude(reason="")
        return with_reason.select_related("window__limit", "by", "undone_by").order_by("-pk")

    @property
    def raises(self) -> QuerySet[Raise]:
        """Those that run or are yet to begin."""
        of_these = Raise.objects.standing(timezone.now()).filter(limit__in=self.limits.standing())
        return of_these.select_related("limit", "by")


def read_scope(slug: str) -> Scope:
    """Return the scope of an address. Raises Http404."""
    kind, _, key = slug.partition("-")
    if slug == "programme":
        return Scope()
    try:
        if kind == "cohort":
            return Scope(cohort=Cohort.objects.get(pk=int(key)))
        if kind == "artist":
            return Scope(artist=Artist.objects.select_related("cohort").get(pk=int(key)))
    except (ValueError, OverflowError, Cohort.DoesNotExist, Artist.DoesNotExist) as error:
        raise Http404 from error
    raise Http404


def scope_of(limit: Limit) -> Scope:
    """Return whose limit it is; a token's counts as its artist's."""
    artist = limit.token.artist if limit.token else limit.artist
    return Scope(cohort=limit.cohort, artist=artist)


def search(words: str) -> list[Scope]:
    """Cohorts and artists whose name or address holds the words, 20 of each at most."""
    cohorts = Cohort.objects.filter(name__icontains=words)
    artists = Artist.objects.filter(Q(credit_name__icontains=words) | Q(email__icontains=words))
    found = [Scope(cohort=one) for one in cohorts[:FOUND_MAX]]
    ordered = artists.select_related("cohort").order_by("credit_name", "pk")
    return found + [Scope(artist=one) for one in ordered[:FOUND_MAX]]


def _programme_limits() -> LimitQuerySet:
    return Limit.objects.filter(OF_PROGRAMME)
