"""A reviewer's decision and the published ground that it rests on."""

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from generations.models.appeal import Appeal


class GroundQuerySet(models.QuerySet["Ground"]):
    def in_force(self) -> "GroundQuerySet":
        return self.filter(retired_at=None).order_by("position")

    def with_overturns(self) -> "GroundQuerySet":
        """Annotate `appeals_decided` and `overturns` of each ground, in all its versions.

        Counted from the appeals themselves; those that were taken back are in neither.
        """
        decided = Appeal.objects.filter(
            ground__code=OuterRef("code"), outcome__in=["uphold", "overturn"]
        )
        counted = decided.order_by().values("ground__code").annotate(found=Count("pk"))
        zero = Value(0)
        return self.annotate(
            appeals_decided=Coalesce(Subquery(counted.values("found")), zero),
            overturns=Coalesce(Subquery(counted.filter(outcome="overturn").values("found")), zero),
        )


class Ground(models.Model):
    """One item, in one version, of the published list. A version in use is never edited."""

    code = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=80)
    text = models.TextField(help_text="Markdown.")
    examples = models.TextField(
        blank=True, help_text="Markdown: what falls under it, and what does not."
    )
    needs_two_reviewers = models.BooleanField(
        default=False, help_text="What is refused on it needs two people who agree."
    )
    position = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey("artists.Artist", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    appeals_decided: int  # where it is read with_overturns
    overturns: int

    objects = GroundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="ground_is_one_a_version"),
        ]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """Who decided what, on which ground, when, about exactly which bytes (I1, I9).

    An approval names what was seen and what becomes public: the same clip with a signed manifest.
    """

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approve"
        CHANGES = "changes", "Ask for changes"
        REJECT = "reject", "Reject"

    submission = models.OneToOneField(
        "generations.Submission", models.PROTECT, related_name="decision"
    )
    reviewer = models.ForeignKey(
        "artists.Artist",
        models.PROTECT,
        null=True,
        related_name="decisions",
        help_text="Empty: nobody; it is by silence.",
    )
    is_by_silence = models.BooleanField(
        default=False, help_text="The date passed without a word of anybody."
    )
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=7, choices=Outcome)
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="decisions")
    reason = models.TextField(max_length=2000, blank=True, help_text="For the artist.")
    rendition_sha256 = models.CharField(max_length=64, help_text="Of what the reviewer saw.")
    public_sha256 = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of its signed copy, which the public gets. Empty before there were any.",
    )
    proxy_sha256 = models.CharField(max_length=64, blank=True)
    poster_sha256 = models.CharField(max_length=64, blank=True)
    filmstrip_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True, help_text="When the mail server took the letter.")
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="decision_made"),
            models.Index(fields=["created_at"], condition=Q(told_at=None), name="decision_untold"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewer=F("artist")), name="decision_is_never_on_own_work"
            ),
            models.CheckConstraint(
                condition=Q(outcome="approve") | (Q(ground__isnull=False) & ~Q(reason="")),
                name="decision_refuses_with_ground_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_by_silence=False, reviewer__isnull=False)
                | Q(is_by_silence=True, reviewer=None, outcome="approve"),
                name="decision_is_somebodys_or_by_silence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.submission_id}"

    @property
    def result(self) -> str:
        """What was decided, as it is said afterwards."""
        return RESULTS[self.Outcome(self.outcome)]

    def sha256_of(self, kind: str) -> str:
        """The hash of one file that may be public; empty where the decision names none."""
        named = {
            "master": self.public_sha256 or self.rendition_sha256,
            "proxy": self.proxy_sha256,
            "poster": self.poster_sha256,
            "filmstrip": self.filmstrip_sha256,
        }
        return named.get(kind, "")


RESULTS = {
    Decision.Outcome.APPROVE: "Approved",
    Decision.Outcome.CHANGES: "Changes asked for",
    Decision.Outcome.REJECT: "Rejected",
}
