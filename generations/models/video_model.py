"""What an artist may choose to make a video with."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

REST_MAX_SECONDS = 300


class VideoModelQuerySet(models.QuerySet["VideoModel"]):
    def offered(self) -> "VideoModelQuerySet":
        """Those that can be chosen now: switched on, priced, and with a provider that is set up."""
        return self.filter(
            models.Exists(Rate.objects.filter(video_model=models.OuterRef("pk"))),
            is_enabled=True,
            provider__in=list(settings.PROVIDERS),
        )

    def awake(self) -> "VideoModelQuerySet":
        """Those whose provider has not asked for a rest."""
        return self.filter(
            models.Q(resting_until=None) | models.Q(resting_until__lte=timezone.now())
        )

    def rest(self, video_model_id: int, *, seconds: float) -> None:
        """Make no create call for so many seconds, or for twice the last rest if that is more."""
        model = self.select_for_update(no_key=True).get(pk=video_model_id)
        now = timezone.now()
        if model.resting_until and model.resting_until > now:
            seconds = max(seconds, (model.resting_until - now).total_seconds())
        else:
            seconds = max(seconds, min(2 * model.rest_seconds, REST_MAX_SECONDS))
        until = now + timedelta(seconds=seconds)
        self.filter(pk=model.pk).update(rest_seconds=round(seconds), resting_until=until)

    def wake(self, video_model_id: int) -> None:
        """Forget the rests: a create call was accepted."""
        self.filter(pk=video_model_id, rest_seconds__gt=0).update(rest_seconds=0)


class VideoModel(models.Model):
    """One offering: a provider, its native model name, durations, and a rate for each size.

    `provider` is a name of settings.PROVIDERS, where the address and the credential are;
    `concurrency` counts generations that the provider may work on at a time.
    """

    name = models.SlugField(max_length=80, unique=True, help_text="The API's model=… value.")
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=300, help_text="What it is, in honest words.")
    provider = models.CharField(max_length=40)
    native_name = models.CharField(max_length=200)
    durations = models.JSONField(default=list, help_text="Whole seconds, for instance [4, 8].")
    styles = models.JSONField(default=list, blank=True, help_text="Empty where it takes none.")
    takes_seed = models.BooleanField(default=False)
    takes_first_image = models.BooleanField(default=False)
    concurrency = models.PositiveSmallIntegerField(default=2)
    bills_refusals = models.BooleanField(default=False)
    is_enabled = models.BooleanField(default=True)
    rest_seconds = models.PositiveSmallIntegerField(
        default=0, help_text="How long the last rest was; it doubles until a create is accepted."
    )
    resting_until = models.DateTimeField(
        null=True, blank=True, help_text="No create call before: the provider asked for a rest."
    )

    objects = VideoModelQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if not _is_list_of(int, self.durations) or not all(0 < one <= 60 for one in self.durations):
            raise ValidationError({"durations": "Give a list of whole seconds between 1 and 60."})
        if not _is_list_of(str, self.styles) or not all(0 < len(one) <= 40 for one in self.styles):
            raise ValidationError({"styles": "Give a list of names of up to 40 characters."})

    @property
    def sizes(self) -> list[str]:
        """The sizes it has a rate for, the widest first."""
        return [rate.size for rate in self.rates.all()]

    def price(self, *, size: str, duration_seconds: int) -> int | None:
        """Credits for one clip; None where the size has no rate."""
        for rate in self.rates.all():
            if rate.size == size:
                return rate.credits_per_second * duration_seconds
        return None


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(type(one) is kind for one in value)


class Rate(models.Model):
    """Credits for one second of finished video; a size without a rate is not offered."""

    video_model = models.ForeignKey(VideoModel, models.CASCADE, related_name="rates")
    size = models.CharField(
        max_length=11, validators=[RegexValidator(r"\A[1-9]\d{1,4}x[1-9]\d{1,4}\Z")]
    )
    credits_per_second = models.PositiveIntegerField(validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["-credits_per_second", "-size"]
        constraints = [
            models.UniqueConstraint(fields=["video_model", "size"], name="rate_is_one_a_size"),
            models.CheckConstraint(
                condition=models.Q(credits_per_second__gte=1), name="rate_is_never_free"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size}: {self.credits_per_second} credits a second"
