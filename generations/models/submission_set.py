"""Several submissions of one artist that belong together."""

from django.db import models


class SubmissionSet(models.Model):
    """What an artist submitted together: claimed together, and decided together or one by one."""

    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="submission_sets")
    title = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title
