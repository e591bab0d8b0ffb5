"""A share master with its Content Credentials, and what is kept to know its copies again."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from generations.models.render import MediaFile


class SignedCopyQuerySet(models.QuerySet["SignedCopy"]):
    def public(self) -> "SignedCopyQuerySet":
        """Those that the public gets now: of live shares, named by their approval (I1)."""
        return self.filter(
            submission__status="approved",
            submission__share__status="live",
            submission__decision__outcome="approve",
            submission__decision__public_sha256=models.F("sha256"),
            submission__decision__rendition_sha256=models.F("submission__rendition__sha256"),
        )

    def open_to_all(self) -> "SignedCopyQuerySet":
        """Those of them that are behind no password and have not expired."""
        unexpired = Q(submission__share__expires_at=None)
        unexpired |= Q(submission__share__expires_at__gt=timezone.now())
        return self.public().filter(unexpired, submission__share__password="")

    def private(self) -> "SignedCopyQuerySet":
        return self.filter(submission=None)


class SignedCopy(MediaFile):
    """One signed file of a work: for the public, by its submission, or for its artist alone.

    `says` is the Statement that was signed, `manifest` the whole manifest store as it stands in
    the file (JUMBF), so that it can be put back into a copy that lost it. `prints` is what
    generations.media.inspection found to know the clip by: None while it is to be made, empty
    where the clip has nothing to be known by.
    """

    generation = models.ForeignKey(
        "generations.Generation", models.CASCADE, related_name="signed_copies"
    )
    submission = models.OneToOneField(
        "generations.Submission",
        models.CASCADE,
        null=True,
        related_name="public_copy",
        help_text="Empty: what its artist downloads.",
    )
    says = models.JSONField()
    manifest = models.BinaryField()
    signed_by = models.CharField(max_length=500, help_text="Subject of the certificate.")
    certificate_sha256 = models.CharField(max_length=64)
    video_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the coded pictures alone, whatever holds them."
    )
    prints = models.BinaryField(null=True)

    objects = SignedCopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(submission=None),
                name="signed_copy_is_one_private_a_work",
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="signed_copy_file"),
            models.Index(
                fields=["video_sha256"],
                condition=~Q(video_sha256=""),
                name="signed_copy_video",
            ),
            models.Index(
                fields=["id"],
                condition=Q(prints=None, submission__isnull=False),
                name="signed_copy_unknown",
            ),
        ]
