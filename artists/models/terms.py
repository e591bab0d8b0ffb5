"""What the programme asks and promises: documents in versions that stay as they were published."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

TEXT_MAX_CHARS = 100_000


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as `sha256sum` says it of the downloaded Markdown."""
    return hashlib.sha256(text.encode()).hexdigest()


class TermsQuerySet(models.QuerySet["Terms"]):
    def drafts(self) -> "TermsQuerySet":
        return self.filter(published_at=None)

    def published(self) -> "TermsQuerySet":
        return self.filter(published_at__isnull=False)

    def in_force(self) -> "TermsQuerySet":
        """The newest version of each kind among those whose time has come."""
        now = timezone.now()
        return self.filter(~Exists(_newer().filter(takes_effect_at__lte=now))).filter(
            takes_effect_at__lte=now
        )

    def upcoming(self) -> "TermsQuerySet":
        """What will be in force; a version that another replaces before its time never is."""
        sooner = _newer().filter(takes_effect_at__lte=OuterRef("takes_effect_at"))
        return self.filter(~Exists(sooner), takes_effect_at__gt=timezone.now())

    def unaccepted_by(self, artist_id: int) -> "TermsQuerySet":
        return self.exclude(acceptances__artist=artist_id)


def _newer() -> "TermsQuerySet":
    return Terms.objects.filter(kind=OuterRef("kind"), version__gt=OuterRef("version"))


class Terms(models.Model):
    """One version of one document. A draft is changed until it is published, and then never again.

    The database holds the text, its hash and its times fast from then on. A version is in force
    from the time it takes effect until the next version of its kind does.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", "Programme terms"
        CONFIDENTIALITY = "confidentiality", "Confidentiality"
        SHARING = "sharing", "Sharing policy"
        PRIVACY = "privacy", "Privacy"

    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveIntegerField(help_text="1, 2, 3 … in each kind.")
    text = models.TextField(max_length=TEXT_MAX_CHARS, help_text="Markdown.")
    sha256 = models.CharField(max_length=64, help_text="Of the text in UTF-8.")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    takes_effect_at = models.DateTimeField(null=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        permissions = [("publish_terms", "Can write and publish terms")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="terms_version_is_one"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(published_at=None), name="terms_one_draft_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, takes_effect_at=None)
                | Q(published_at__isnull=False, takes_effect_at__gte=F("published_at")),
                name="terms_take_effect_once_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("artists:terms_version", args=[self.kind, self.version])

    @property
    def is_upcoming(self) -> bool:
        at: datetime | None = self.takes_effect_at
        return at is not None and at > timezone.now()


def in_reading_order(terms: Iterable[Terms]) -> list[Terms]:
    """Return them in the order of their kinds."""
    return sorted(terms, key=lambda one: (Terms.Kind.values.index(one.kind), one.version))
