"""An artist's API key to Greenroom."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from artists.models.pause import Pause
from artists.models.standing import Standing, TermsStanding


class TokenQuerySet(models.QuerySet["Token"]):
    def live(self) -> "TokenQuerySet":
        return self.filter(
            Q(revoked_at=None), Q(expires_at__gt=timezone.now()), Q(artist__is_active=True)
        )

    def with_pauses(self) -> "TokenQuerySet":
        """Annotate `is_paused`: whether a pause touches who uses it, whatever it stops."""
        keys = {"artist": OuterRef("artist"), "cohort": OuterRef("artist__cohort")}
        touching = Pause.objects.in_force().touching(**keys, token=OuterRef("pk"))
        return self.annotate(is_paused=Exists(touching))

    def with_terms(self) -> "TokenQuerySet":
        """Tokens with how their artists stand to the terms, read along in the same query."""
        return self.annotate(terms_standing=TermsStanding("artist_id"))

    def revoke(self, token_id: int) -> bool:
        """Revoke a token; False means that it was revoked before."""
        return self.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now()) == 1

    def touch(self, token: "Token") -> None:
        """Note that a token is in use, at most once a minute: a read stays a read."""
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at >= timedelta(minutes=1):
            self.filter(pk=token.pk, last_used_at=token.last_used_at).update(last_used_at=now)


class Token(models.Model):
    """A key that is shown once; its SHA-256 alone is stored (I11)."""

    terms_standing: int  # of its artist, where `with_terms` read it

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4, help_text="The last four characters.")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    is_paused: bool  # annotated by with_pauses()

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def owes_terms(self) -> bool:
        """Whether its artist makes nothing new for want of a yes."""
        return self.terms_standing >= Standing.DECLINED
