"""Being asked in: a link that works once, or as often as it was made for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

USES_MAX = 100


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(uses__lt=F("max_uses"), revoked_at=None, expires_at__gt=timezone.now())

    def expired(self) -> "InvitationQuerySet":
        return self.filter(uses__lt=F("max_uses"), revoked_at=None, expires_at__lte=timezone.now())

    def used(self) -> "InvitationQuerySet":
        return self.filter(uses=F("max_uses"))

    def revoked(self) -> "InvitationQuerySet":
        return self.filter(revoked_at__isnull=False, uses__lt=F("max_uses"))

    def redeem(self, invitation_id: int, artist_id: int) -> bool:
        """Use an open invitation once; False means that it is used up, revoked or expired."""
        if self.open().filter(pk=invitation_id).update(uses=F("uses") + 1) != 1:
            return False
        Redemption.objects.create(invitation_id=invitation_id, artist_id=artist_id)
        return True

    def revoke(self) -> int:
        """End those of these that still work, and return how many that were."""
        return self.open().update(revoked_at=timezone.now())


class Invitation(models.Model):
    """A link into one cohort. Only the secret's hash is kept.

    With an address it works once, for that address. Without one whoever has the link may use it,
    `max_uses` times in all; each of them proves an address of their own.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        USED = "used", "Used"
        EXPIRED = "expired", "Expired"
        REVOKED = "revoked", "Revoked"

    email = models.EmailField(max_length=254, blank=True, db_index=True)
    cohort = models.ForeignKey("artists.Cohort", models.PROTECT, related_name="invitations")
    link_nonce = models.CharField(max_length=32, blank=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations_made"
    )
    max_uses = models.PositiveSmallIntegerField(default=1)
    uses = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        permissions = [("invite_artist", "Can invite somebody into a cohort")]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("max_uses")), name="invitation_is_used_within_its_limit"
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(max_uses=1), name="invitation_of_an_address_works_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email or 'A link'} into {self.cohort}"

    @property
    def state(self) -> State:
        if self.uses >= self.max_uses:
            return self.State.USED
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Redemption(models.Model):
    """Who came in by an invitation, and so who invited whom. One comes in once."""

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="redemptions")
    artist = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="redemption"
    )
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.artist} by {self.invitation}"
