"""A letter about drafts that are going to be removed."""

from django.db import models
from django.db.models import Q


class RemovalNotice(models.Model):
    """One letter to one artist, about all their drafts that go in the time to come.

    None of them is removed before it was sent. The row goes when the last of them has.
    """

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="removal_notices")
    created_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing the letter.")

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(told_at=None), name="removal_notice_untold"
            ),
        ]

    def __str__(self) -> str:
        return f"to {self.artist_id} at {self.created_at}"
