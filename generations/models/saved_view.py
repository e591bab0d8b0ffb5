"""A view of the queue that a reviewer comes back to."""

from django.db import models


class SavedView(models.Model):
    """What a reviewer narrowed the queue down to, under a name of theirs."""

    MOST = 20  # of one reviewer

    reviewer = models.ForeignKey("artists.Artist", models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    querystring = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "name"], name="saved_view_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name
