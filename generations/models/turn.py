"""When an artist last had a turn at a video model."""

from datetime import datetime

from django.db import models


class TurnQuerySet(models.QuerySet["Turn"]):
    def take(self, *, artist_id: int, video_model_id: int, at: datetime) -> None:
        self.update_or_create(
            artist_id=artist_id, video_model_id=video_model_id, defaults={"taken_at": at}
        )


class Turn(models.Model):
    """An artist's last turn: among those with as few running, who waited longest is next."""

    artist = models.ForeignKey("artists.Artist", models.CASCADE, related_name="turns")
    video_model = models.ForeignKey("generations.VideoModel", models.CASCADE, related_name="turns")
    taken_at = models.DateTimeField()

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artist", "video_model"], name="turn_is_one_an_artist_and_model"
            ),
        ]

    def __str__(self) -> str:
        return f"artist {self.artist_id} at {self.taken_at:%H:%M:%S}"
