"""An artist's API key to Greenroom."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, Expression, F, OuterRef, Q
from django.utils import timezone

from artists.models.pause import Pause
from artists.models.standing import Standing, TermsStanding
from portal.prepared import Arg, Select

CLIENT_MAX_CHARS = 200
ANY_SCOPE = "any"  # what an endpoint takes that is open to a token with whatever scopes


class Scope(models.TextChoices):
    """What a token may do; each endpoint of the API names the one that it takes."""

    VIDEOS_CREATE = "videos:create", "Make videos, which spends your credits"
    VIDEOS_READ = "videos:read", "See and download your videos"
    VIDEOS_DELETE = "videos:delete", "Cancel and delete your videos"
    WEBHOOKS = "webhooks", "Manage your webhooks"
    SUBMISSIONS = "submissions", "Submit your videos for sharing, and take submissions back"
    EXPORTS = "exports", "Take everything of yours in one archive, your profile and e-mail too"
    ACCOUNT_READ = "account:read", "See who you are, your e-mail, tokens, terms and pauses"
    TOKENS_REVOKE = "tokens:revoke", "Revoke your tokens"


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

    def with_terms(self, at: Expression | None = None) -> "TokenQuerySet":
        """Tokens with how their artists stand to the terms, read along in the same query."""
        return self.annotate(terms_standing=TermsStanding("artist_id", at))

    def by_secret(self, sha256: str) -> "Token":
        """Return the token whose secret this is, or was before it was rotated.

        It comes with its artist, what pauses and which terms wait for them, read by one query for
        the secret in force; only another one, or none of ours, takes a second. `secret_until` then
        says how long a rotated one is good. Raises Token.DoesNotExist.
        """
        facts = {"sha256": sha256, "now": timezone.now()}
        token = _BY_SECRET.first(**facts) or _BY_ROTATED_SECRET.first(**facts)
        if token is None:
            raise self.model.DoesNotExist
        return token

    def programs(self) -> "TokenQuerySet":
        """Those that are programs which their artists signed in by device code."""
        return self.filter(refresh_sha256__isnull=False)

    def of_any_secret(self, sha256: str) -> "TokenQuerySet":
        """The one whose access or refresh token this is now."""
        return self.filter(Q(sha256=sha256) | Q(refresh_sha256=sha256))

    def used_when_dead(self) -> "TokenQuerySet":
        """Tokens whose artists are yet to hear that somebody used them when they were over."""
        untold = self.filter(leak_told_at=None, artist__is_active=True)
        return untold.filter(dead_uses__isnull=False).distinct()

    def revoke(self, token_id: int) -> bool:
        """Revoke a token; False means that it was revoked before."""
        return self.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now()) == 1

    def touch(self, token: "Token", *, address: str, client: str) -> None:
        """Note that a token is in use, at most once a minute: a read stays a read."""
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at >= timedelta(minutes=1):
            self.filter(pk=token.pk, last_used_at=token.last_used_at).update(
                last_used_at=now, last_used_from=address, last_used_by=client
            )


class Token(models.Model):
    """A key that is shown once; its SHA-256 alone is stored (I11)."""

    terms_standing: int  # of its artist, where `with_terms` read it

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(
        max_length=4, blank=True, help_text="The last four characters; a program has none."
    )
    scopes = models.JSONField(default=list, help_text="What it may do, as in videos:read.")
    networks = models.JSONField(
        default=list, help_text="Where it may be used from, as in 203.0.113.0/24; empty: anywhere."
    )
    requests_per_minute = models.PositiveIntegerField(
        null=True, help_text="Of its own; empty: what its artist may."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)
    last_used_by = models.CharField(
        max_length=CLIENT_MAX_CHARS, blank=True, help_text="The client, as it names itself."
    )
    revoked_at = models.DateTimeField(null=True)
    access_until = models.DateTimeField(
        null=True, help_text="Of a program: when the access token ends whose hash this is."
    )
    refresh_sha256 = models.CharField(max_length=64, null=True, unique=True)
    leak_told_at = models.DateTimeField(null=True, help_text="When its artist heard of dead uses.")

    secret_until: datetime | None = None  # of a rotated secret that it was found by

    is_paused: bool  # annotated by with_pauses()

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(access_until=None, refresh_sha256=None)
                | Q(access_until__isnull=False, refresh_sha256__isnull=False),
                name="token_is_a_program_or_not",
            ),
            models.CheckConstraint(
                condition=Q(requests_per_minute=None) | Q(requests_per_minute__gt=0),
                name="token_rate_is_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(revoked_at=None), name="token_live"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})" if self.hint else self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def owes_terms(self) -> bool:
        """Whether its artist makes nothing new for want of a yes."""
        return self.terms_standing >= Standing.DECLINED

    @property
    def is_program(self) -> bool:
        return self.refresh_sha256 is not None

    @property
    def has_stale_access(self) -> bool:
        """Tell whether a program must refresh before it goes on."""
        return self.access_until is not None and self.access_until <= timezone.now()

    @property
    def ends_at(self) -> datetime:
        return min(self.revoked_at or self.expires_at, self.expires_at)

    @property
    def scope_labels(self) -> list[str]:
        return [scope.label for scope in Scope if scope in self.scopes]


def _for_a_request() -> TokenQuerySet:
    known = Token.objects.with_pauses().with_terms(Arg("now", models.DateTimeField()))
    return known.select_related("artist__cohort")


_SHA256 = Arg("sha256", models.CharField())
_BY_SECRET = Select(lambda: _for_a_request().filter(sha256=_SHA256))
_BY_ROTATED_SECRET = Select(
    lambda: (
        _for_a_request()
        .filter(rotated_secrets__sha256=_SHA256)
        .annotate(secret_until=F("rotated_secrets__good_until"))  # type: ignore[no-redef]
    )
)
