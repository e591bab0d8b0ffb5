"""A stop that can be lifted, and that hits only what it must."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from artists.models.artist import Artist

OF_PROGRAMME = Q(cohort=None, artist=None, token=None, video_model_id=None)
OF_VIDEO_MODEL = Q(video_model_id__isnull=False)


class PauseQuerySet(models.QuerySet["Pause"]):
    def in_force(self) -> "PauseQuerySet":
        return self.filter(lifted_at=None)

    def public(self) -> "PauseQuerySet":
        """What anybody may know of: never an artist's, a token's or a cohort's."""
        return self.filter(OF_PROGRAMME | OF_VIDEO_MODEL)

    def touching(
        self, *, artist: Any, cohort: Any, token: Any = None, video_model: Any = None
    ) -> "PauseQuerySet":
        """Those that stop whoever acts so, by their keys; OuterRefs to keys do as well.

        The widest comes first.
        """
        # Without a key there is nothing to compare: `cohort=None` would be a question for NULL.
        keys = {"cohort": cohort, "artist": artist, "token": token, "video_model_id": video_model}
        scopes = OF_PROGRAMME
        for name, key in keys.items():
            if key is not None:
                scopes |= Q(**{name: key})
        return self.filter(scopes).order_by(
            F("token").asc(nulls_first=True),
            F("artist").asc(nulls_first=True),
            F("video_model_id").asc(nulls_first=True),
            F("cohort").asc(nulls_first=True),
        )

    def concerning(self, *, artist: Any, cohort: Any) -> "PauseQuerySet":
        """Those that an artist meets, whatever they choose: any video model's, any own token's."""
        own = self.touching(artist=artist, cohort=cohort)
        return own | self.filter(OF_VIDEO_MODEL | Q(token__artist=artist))

    def lift(self, pause_id: int, *, by: "Artist | None") -> bool:
        """End one; False means that it was lifted before."""
        standing = self.in_force().filter(pk=pause_id)
        return standing.update(lifted_at=timezone.now(), lifted_by=by) == 1


class Pause(models.Model):
    """Nothing new is made by whom or what it names, from the next request on (I8).

    It names a cohort, an artist, a token or a video model; with none of them, it is the
    programme's. A video model stands here by its key alone, for this app knows none. What waits
    stays in the queue and what runs goes on, unless it says otherwise. The end that is expected is
    a statement: nothing but a person lifts a pause.
    """

    cohort = models.ForeignKey(
        "artists.Cohort", models.CASCADE, null=True, blank=True, related_name="pauses"
    )
    artist = models.ForeignKey(
        "artists.Artist", models.CASCADE, null=True, blank=True, related_name="pauses"
    )
    token = models.ForeignKey(
        "artists.Token", models.CASCADE, null=True, blank=True, related_name="pauses"
    )
    video_model_id = models.PositiveBigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    expected_end = models.DateTimeField()
    cancels_queued = models.BooleanField(default=False)
    stops_running = models.BooleanField(default=False)
    allows_looking = models.BooleanField(default=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        "artists.Artist",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Empty: somebody at the command line.",
    )
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        "artists.Artist", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PauseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(artist=None, token=None, video_model_id=None)
                | Q(cohort=None, token=None, video_model_id=None)
                | Q(cohort=None, artist=None, video_model_id=None)
                | Q(cohort=None, artist=None, token=None),
                name="pause_has_one_scope",
            ),
            models.UniqueConstraint(
                Coalesce("cohort", 0),
                Coalesce("artist", 0),
                Coalesce("token", 0),
                Coalesce("video_model_id", 0),
                condition=Q(lifted_at=None),
                name="pause_is_one_at_a_time_for_a_scope",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
            models.CheckConstraint(
                condition=Q(allows_looking=True) | Q(video_model_id=None),
                name="pause_of_a_video_model_shuts_nobodys_works",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | Q(lifted_at__isnull=False),
                name="pause_is_lifted_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"

    @property
    def scope(self) -> str:
        """What kind of thing is paused, in a word."""
        if self.token_id:
            return "token"
        if self.artist_id:
            return "artist"
        if self.video_model_id:
            return "video_model"
        return "cohort" if self.cohort_id else "programme"

    @property
    def name(self) -> str:
        """What is paused, for a manager."""
        match self.scope:
            case "programme":
                return settings.PROGRAMME_NAME
            case "video_model":
                return self._video_model
        return str(self.token or self.artist or self.cohort)

    @property
    def said_to_artist(self) -> str:
        """That it is paused, in a sentence to an artist whom it touches."""
        match self.scope:
            case "token":
                return f"Your token “{self.token and self.token.name}” is paused"
            case "artist":
                return "Your access is paused"
            case "video_model":
                return f"{self._video_model} is paused"
            case "cohort":
                return "Your cohort is paused"
        return "The programme is paused"

    @property
    def is_late(self) -> bool:
        """Tell whether it stands longer than was expected."""
        return self.lifted_at is None and self.expected_end <= timezone.now()

    @property
    def _video_model(self) -> str:
        """Its title, where whoever read the pause annotated it as `video_model_title`."""
        return getattr(self, "video_model_title", None) or "A video model"
