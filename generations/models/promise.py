"""The programme's promise: by when it answers, by which calendar, and what if it does not."""

from datetime import date, datetime
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from generations.models.working_days import WorkingDays

DAYS_MAX = 60
HOURS_MAX = 240
HOLIDAYS_MAX = 200
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONDAY_TO_FRIDAY = "12345"


def ensure_weekdays(digits: str) -> None:
    """Accept 1 (Monday) to 7, in order, each once at most and one at least."""
    if not digits or "".join(sorted(set(digits))) != digits or set(digits) - set("1234567"):
        raise ValidationError("Name working days by 1 (Monday) to 7.")


class PromiseQuerySet(models.QuerySet["Promise"]):
    def in_force(self) -> "Promise":
        """The newest version; a site has one from its first migration on."""
        return self.latest("version")

    def history(self) -> "PromiseQuerySet":
        """Every version with who set it, the newest first."""
        return self.select_related("set_by").order_by("-version")


class Promise(models.Model):
    """One version, which never changes: what is submitted holds to the one of its moment.

    Reminders alone go by the newest, whichever promise a submission has.
    """

    class WhenLate(models.TextChoices):
        APOLOGISE = "apologise", "It stays open, with an apology and a new date"
        SILENCE = "silence", "It is approved by silence, unless a check has flagged it"

    version = models.PositiveIntegerField(unique=True, help_text="1, 2, 3 …")
    decide_days = models.PositiveSmallIntegerField(help_text="Working days to decide.")
    appeal_days = models.PositiveSmallIntegerField(help_text="Working days to decide an appeal.")
    report_days = models.PositiveSmallIntegerField(help_text="Working days to answer a report.")
    weekdays = models.CharField(
        max_length=7,
        default=MONDAY_TO_FRIDAY,
        validators=[ensure_weekdays],
        help_text="Digits of the working ones, 1 for Monday.",
    )
    time_zone = models.CharField(max_length=60)
    holidays = models.JSONField(
        default=dict, help_text="Days on which nobody works, as 2026-12-25, each with its name."
    )
    reviewers_reminded_hours = models.PositiveSmallIntegerField(
        help_text="Hours of working days before the due date at which all reviewers are told."
    )
    managers_reminded_hours = models.PositiveSmallIntegerField(
        help_text="The same for managers, and never earlier than reviewers."
    )
    when_late = models.CharField(max_length=9, choices=WhenLate, default=WhenLate.APOLOGISE)
    apology_days = models.PositiveSmallIntegerField(
        help_text="Working days from the due date that passed to the new one."
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: as the programme began.",
    )
    set_at = models.DateTimeField(auto_now_add=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        permissions = [("set_promise", "Can set the programme's promise")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decide_days__range=(1, DAYS_MAX))
                & Q(appeal_days__range=(1, DAYS_MAX))
                & Q(report_days__range=(1, DAYS_MAX))
                & Q(apology_days__range=(1, DAYS_MAX)),
                name="promise_days_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(reviewers_reminded_hours__lte=HOURS_MAX)
                & Q(managers_reminded_hours__range=(1, F("reviewers_reminded_hours"))),
                name="promise_reminds_reviewers_first",
            ),
            models.CheckConstraint(
                condition=~Q(weekdays="") & ~Q(time_zone=""), name="promise_has_a_calendar"
            ),
            models.CheckConstraint(
                condition=Q(when_late__in=["apologise", "silence"]),
                name="promise_says_what_if_it_is_late",
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.version}"

    @cached_property
    def calendar(self) -> WorkingDays:
        return WorkingDays(
            zone=ZoneInfo(self.time_zone),
            weekdays=frozenset(int(digit) for digit in self.weekdays),
            days_off=frozenset(date.fromisoformat(day) for day in self.holidays),
        )

    @property
    def holidays_named(self) -> list[tuple[date, str]]:
        """The days off with their names, the first first."""
        return [(date.fromisoformat(day), name) for day, name in sorted(self.holidays.items())]

    @property
    def is_by_silence(self) -> bool:
        return self.when_late == self.WhenLate.SILENCE

    @property
    def weekdays_said(self) -> str:
        """In words: Monday to Friday; Monday, Wednesday and Friday."""
        numbers = [int(digit) for digit in self.weekdays]
        names = [WEEKDAYS[number - 1] for number in numbers]
        if len(names) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
            return f"{names[0]} to {names[-1]}"
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

    def due_at(self, made_at: datetime) -> datetime:
        """By when a submission is answered that is made at a moment."""
        return self.calendar.days_after(made_at, self.decide_days)

    def appeal_due_at(self, made_at: datetime) -> datetime:
        return self.calendar.days_after(made_at, self.appeal_days)

    def report_due_at(self, made_at: datetime) -> datetime:
        return self.calendar.days_after(made_at, self.report_days)

    def new_due_at(self, passed: datetime) -> datetime:
        """The date that an apology gives when another has passed."""
        return self.calendar.days_after(passed, self.apology_days)

    def policy_since(self) -> datetime:
        """Since when it stands, without a break, what happens when a date passes."""
        earlier = Promise.objects.filter(version__lte=self.version).order_by("-version")
        same = takewhile(lambda one: one.when_late == self.when_late, earlier.iterator())
        return min(one.set_at for one in same)
