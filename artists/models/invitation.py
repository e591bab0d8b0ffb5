"""Being asked in: a link that works once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(redeemed_by=None, expires_at__gt=timezone.now())

    def redeem(self, invitation_id: int, artist_id: int) -> bool:
        """Use up an open invitation; False means that it is used or expired."""
        used = self.open().filter(pk=invitation_id)
        return used.update(redeemed_by=artist_id, redeemed_at=timezone.now()) == 1


class Invitation(models.Model):
    """A single-use link for one e-mail address into one cohort. Only the secret's hash is kept."""

    email = models.EmailField(max_length=254)
    cohort = models.ForeignKey("artists.Cohort", models.PROTECT, related_name="invitations")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations_made"
    )
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    redeemed_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitation"
    )
    redeemed_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        permissions = [("invite_artist", "Can invite somebody into a cohort")]
        constraints = [
            models.CheckConstraint(
                condition=Q(redeemed_by=None, redeemed_at=None)
                | Q(redeemed_by__isnull=False, redeemed_at__isnull=False),
                name="invitation_is_redeemed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} into {self.cohort}"

    @property
    def is_open(self) -> bool:
        return self.redeemed_by_id is None and self.expires_at > timezone.now()
