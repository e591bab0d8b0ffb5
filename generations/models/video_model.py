"""What an artist may choose to make a video with."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from artists.models import Artist
from portal.clock import programme_day
from portal.money import MoneyField

REST_MAX_SECONDS = 300
CIRCUIT_OPENS_AT = 3
CIRCUIT_REST_SECONDS = 30
SUNSET_NOTICE_DAYS = 30


class VideoModelQuerySet(models.QuerySet["VideoModel"]):
    def offered(
        self, providers: Iterable[str] | None = None, *, day: Any = None
    ) -> "VideoModelQuerySet":
        """Those that can be chosen today, or on a `day`: switched on, priced, before their sunset,
        and with a provider that is set up."""
        has_rate = models.Exists(Rate.objects.filter(video_model=models.OuterRef("pk")))
        priced = self.served(providers).filter(has_rate)
        return priced.exclude(sunset_on__lt=day or programme_day())

    def offered_to(self, artist: Artist) -> "VideoModelQuerySet":
        """Those of them that the artist's cohort may use."""
        return self.offered().open_to(artist)

    def open_to(self, artist: Artist) -> "VideoModelQuerySet":
        """Those that the artist's cohort chose, or all of them where it chose none."""
        return self.open_to_cohort(artist.cohort_id)

    def open_to_cohort(self, cohort: Any) -> "VideoModelQuerySet":
        """The same by the cohort's key."""
        chosen = VideoModel.cohorts.through.objects.filter(cohort=cohort)
        own = chosen.filter(videomodel=models.OuterRef("pk"))
        return self.filter(~models.Exists(chosen) | models.Exists(own))

    def served(self, providers: Iterable[str] | None = None) -> "VideoModelQuerySet":
        """Those that what is queued may be sent to; a prompt taken before the sunset is one.

        Their provider is one of `providers`: of those that are set up, where none are named.
        """
        set_up = list(settings.PROVIDERS if providers is None else providers)
        return self.filter(is_enabled=True, provider__in=set_up)

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
        """Forget the rests of a video model that works: a create call was accepted."""
        resting = self.filter(pk=video_model_id, failures__lt=CIRCUIT_OPENS_AT)
        resting.filter(rest_seconds__gt=0).update(rest_seconds=0)

    def note_failure(self, video_model_id: int) -> None:
        """Count a failure of the provider's own; the third in a row opens the circuit.

        It closes by itself: after a rest one prompt is sent to try, and its success ends all.
        """
        self.filter(pk=video_model_id).update(failures=models.F("failures") + 1)
        if self.filter(pk=video_model_id, failures__gte=CIRCUIT_OPENS_AT).exists():
            self.rest(video_model_id, seconds=CIRCUIT_REST_SECONDS)

    def note_success(self, video_model_id: int) -> None:
        troubled = models.Q(failures__gt=0) | models.Q(rest_seconds__gt=0)
        self.filter(troubled, pk=video_model_id).update(
            failures=0, rest_seconds=0, resting_until=None
        )


class SourceType(models.TextChoices):
    """The IPTC digital source types that a video model may have."""

    TRAINED = "trainedAlgorithmicMedia", "a trained generative model"
    ALGORITHMIC = "algorithmicMedia", "a procedure, no trained model"


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
    source_type = models.CharField(
        max_length=24,
        choices=SourceType,
        default=SourceType.TRAINED,
        help_text="What its files say of how they came to be (IPTC digital source type).",
    )
    durations = models.JSONField(default=list, help_text="Whole seconds, for instance [4, 8].")
    styles = models.JSONField(default=list, blank=True, help_text="Empty where it takes none.")
    takes_seed = models.BooleanField(default=False)
    takes_first_image = models.BooleanField(default=False)
    extras = models.JSONField(
        default=dict,
        blank=True,
        help_text='Native parameters sent with each prompt, for instance {"fps": 24}.',
    )
    cohorts = models.ManyToManyField(
        "artists.Cohort",
        related_name="video_models",
        blank=True,
        help_text="The cohorts that chose it. One that chose none may use all.",
    )
    concurrency = models.PositiveSmallIntegerField(default=2)
    deadline_seconds = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="The longest that it may render. Empty: what the portal's settings say.",
    )
    max_bytes = models.PositiveBigIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="The largest file taken from it. Empty: what the portal's settings say.",
    )
    bills_refusals = models.BooleanField(default=False)
    needs_two_reviewers = models.BooleanField(
        default=False, help_text="What is made with it needs two people who agree."
    )
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sunset_on = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which it takes prompts; artists are told 30 days before.",
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What to choose in its place after the sunset.",
    )
    rest_seconds = models.PositiveSmallIntegerField(
        default=0, help_text="How long the last rest was; it doubles until a create is accepted."
    )
    resting_until = models.DateTimeField(
        null=True, blank=True, help_text="No create call before: it asked for a rest, or fails."
    )
    failures = models.PositiveIntegerField(
        default=0, help_text="Of the provider's own, in a row. From the third on it is only tried."
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
        if not _is_parameters(self.extras):
            raise ValidationError({"extras": "Give an object of names and plain values."})
        if self.successor_id and self.successor_id == self.pk:
            raise ValidationError({"successor": "It cannot be its own successor."})

    @cached_property
    def rate_card(self) -> list["Rate"]:
        """Its rates, the widest size first; who reads them otherwise sets it."""
        return list(self.rates.all())

    @property
    def sizes(self) -> list[str]:
        """The sizes it has a rate for, the widest first."""
        return [rate.size for rate in self.rate_card]

    @property
    def is_past_sunset(self) -> bool:
        return self.sunset_on is not None and self.sunset_on < programme_day()

    @property
    def sunset_notice(self) -> date | None:
        """The last day that it takes prompts, from 30 days before on; None before that."""
        today = programme_day()
        if self.sunset_on is None or self.sunset_on - today > timedelta(days=SUNSET_NOTICE_DAYS):
            return None
        return self.sunset_on

    @property
    def is_failing(self) -> bool:
        """Whether its circuit is open: it failed again and again, and is only tried."""
        return self.failures >= CIRCUIT_OPENS_AT

    @property
    def is_resting(self) -> bool:
        return self.rest_left_seconds > 0

    @property
    def rest_left_seconds(self) -> float:
        """Until a create call may leave again, 0 where one may now."""
        if self.resting_until is None:
            return 0.0
        return max((self.resting_until - timezone.now()).total_seconds(), 0.0)

    def price(self, *, size: str, duration_seconds: int) -> int | None:
        """Credits for one clip; None where the size has no rate."""
        rate = self._rate(size)
        return rate.credits_per_second * duration_seconds if rate else None

    def provider_price(self, *, size: str, duration_seconds: int) -> int | None:
        """What the provider is expected to bill for one clip; None where that is not known.

        In ten-thousandths of the programme's currency.
        """
        rate = self._rate(size)
        if rate is None or rate.provider_price is None:
            return None
        return rate.provider_price * duration_seconds

    def _rate(self, size: str) -> "Rate | None":
        return next((rate for rate in self.rate_card if rate.size == size), None)


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(type(one) is kind for one in value)


def _is_parameters(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str | int | float | bool) for one in value.values()
    )


class Rate(models.Model):
    """Credits for one second of finished video; a size without a rate is not offered.

    The provider's price of such a second is in ten-thousandths of the programme's currency.
    """

    video_model = models.ForeignKey(VideoModel, models.CASCADE, related_name="rates")
    size = models.CharField(
        max_length=11, validators=[RegexValidator(r"\A[1-9]\d{1,4}x[1-9]\d{1,4}\Z")]
    )
    credits_per_second = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    provider_price = MoneyField(
        null=True,
        blank=True,
        help_text="What the provider bills for a second, in the programme's currency. Empty: not "
        "known, and then nothing of the programme's budget in money is held.",
    )

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
