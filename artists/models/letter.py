"""Letters of the programme: their words as managers write them, and each one until it is sent."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.telling import LETTER_TAKES, UNTOLD_AFTER


class LetterKind(models.TextChoices):
    RECEIVED = "received", "Application received"
    ACCEPTED = "accepted", "Application accepted"
    WAITLISTED = "waitlisted", "Application on the waiting list"
    DECLINED = "declined", "Application declined"
    INVITATION = "invitation", "Invitation"
    TERMS = "terms", "New terms"
    FACTORS = "factors", "Second factors removed"


class LetterTemplate(models.Model):
    """The words that managers wrote for a kind of letter, in place of the built-in ones."""

    kind = models.CharField(max_length=12, choices=LetterKind, primary_key=True)
    subject = models.CharField(max_length=200)
    body = models.TextField(max_length=5000)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.get_kind_display()


class LetterQuerySet(models.QuerySet["Letter"]):
    def left_behind(self) -> "LetterQuerySet":
        """Those that no mail server has, and that nobody is sending now."""
        now = timezone.now()
        unsent = self.filter(sent_at=None, written_at__lt=now - UNTOLD_AFTER)
        return unsent.exclude(sending_until__gt=now)

    def claim(self, letter_id: int) -> bool:
        """Take a letter to send it; False means that it is sent, or in another's hands."""
        now = timezone.now()
        free = self.filter(pk=letter_id, sent_at=None).exclude(sending_until__gt=now)
        return free.update(sending_until=now + LETTER_TAKES) == 1

    def give_back(self, letter_id: int) -> None:
        self.filter(pk=letter_id, sent_at=None).update(sending_until=None)

    def mark_sent(self, letter_id: int) -> None:
        self.filter(pk=letter_id).update(sent_at=timezone.now(), sending_until=None)


class Letter(models.Model):
    """One letter to an applicant, somebody invited or a member, in the words in force when written.

    The placeholders are filled in when it is sent, so that no link is kept here.
    """

    kind = models.CharField(max_length=12, choices=LetterKind)
    application = models.ForeignKey(
        "artists.Application", models.CASCADE, null=True, related_name="letters"
    )
    invitation = models.ForeignKey(
        "artists.Invitation", models.CASCADE, null=True, related_name="letters"
    )
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="letters",
        help_text="The member whom it goes to.",
    )
    terms = models.ForeignKey(
        "artists.Terms",
        models.PROTECT,
        null=True,
        related_name="letters",
        help_text="The version that it announces.",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose act it tells a member of; empty: nobody's, or of the command line.",
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    note = models.CharField(max_length=1000, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    sending_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["written_at"], condition=Q(sent_at=None), name="letter_unsent")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False)
                | Q(invitation__isnull=False)
                | Q(artist__isnull=False),
                name="letter_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="terms", terms__isnull=False, artist__isnull=False)
                | (~Q(kind="terms") & Q(terms=None)),
                name="letter_announces_terms_to_a_member",
            ),
            models.UniqueConstraint(
                fields=["terms", "artist"],
                condition=Q(terms__isnull=False),
                name="letter_announces_terms_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def address(self) -> str:
        """The e-mail address that it goes to."""
        about: Any = self.artist or self.application or self.invitation
        return str(about.email)
