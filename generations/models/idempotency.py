"""A request that an API client may send again without making a second clip."""

from django.db import models


class IdempotencyKey(models.Model):
    """An artist's key for one create, the fingerprint of its body, and what it made."""

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    generation = models.ForeignKey("generations.Generation", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "key"], name="idempotency_key_is_one_an_artist"
            ),
        ]

    def __str__(self) -> str:
        return self.key
