"""What a token was shown as before it got another secret."""

from django.db import models


class RotatedSecret(models.Model):
    """A secret that a token had before another; it is good for a while yet, and known for ever.

    What uses it after that is the sign of a program that was forgotten, or of a leak.
    """

    token = models.ForeignKey("artists.Token", models.CASCADE, related_name="rotated_secrets")
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4, blank=True)
    good_until = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"…{self.hint}, good until {self.good_until:%Y-%m-%d %H:%M}"
