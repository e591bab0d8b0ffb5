"""Asking in: an application, and the links to its applicant's work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from artists.models.artist import Artist
from portal.ids import uuid7
from portal.same_person import email_key

WORDS_MAX_CHARS = 4000
LINKS_MAX = 5


class State(models.TextChoices):
    RECEIVED = "received"
    WAITLISTED = "waitlisted", "On the waiting list"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def readable_by(self, reader: Artist) -> "ApplicationQuerySet":
        """All but one's own, by address and by the account that came of it; and none withdrawn."""
        own = Q(email_key=email_key(reader.email)) | Q(invitation__redemptions__artist=reader)
        return self.exclude(own).exclude(state=State.WITHDRAWN)


class Application(models.Model):
    """What somebody writes who asks in. Only the hash of its private link's secret is kept.

    `email_key`, `name_key` and `network` find possible doubles: the address and the name without
    what people vary, and the network it came from, cut to /24 (IPv4) or /48 (IPv6).
    """

    State = State

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    round = models.ForeignKey("artists.Round", models.PROTECT, related_name="applications")
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    link_nonce = models.CharField(max_length=32)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    form_nonce = models.UUIDField(unique=True, help_text="One form that is sent twice is one.")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    country = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)
    disciplines = models.CharField(max_length=200)
    statement = models.TextField(max_length=WORDS_MAX_CHARS)
    would_make = models.TextField(max_length=WORDS_MAX_CHARS)
    heard_from = models.CharField(max_length=300, blank=True)
    email_key = models.CharField(max_length=254, db_index=True)
    name_key = models.CharField(max_length=240, db_index=True)
    network = models.CharField(max_length=49, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    invitation = models.OneToOneField(
        "artists.Invitation", models.PROTECT, null=True, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        permissions = [
            ("read_application", "Can read and score applications"),
            ("decide_application", "Can accept, wait-list and decline applications"),
        ]
        indexes = [models.Index(fields=["round", "state", "id"], name="application_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(invitation__isnull=False),
                name="application_accepted_has_invitation",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "A withdrawn application"

    @property
    def may_change(self) -> bool:
        return self.state == State.RECEIVED and self.round.is_open

    @property
    def may_withdraw(self) -> bool:
        return self.state != State.WITHDRAWN


class PortfolioLink(models.Model):
    """An address where an applicant's work can be seen; `key` is what two spellings share."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="links")
    url = models.URLField(max_length=500)
    key = models.CharField(max_length=500, db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url
