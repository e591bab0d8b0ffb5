"""What a manager promises."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from artists.accounts.zones import zone_choices, zones
from generations.models import Promise
from generations.models.promise import DAYS_MAX, HOLIDAYS_MAX, HOURS_MAX, WEEKDAYS
from portal.people_fields import refuse_what_hides
from portal.texts import refuse_control_characters

HOLIDAY_NAME_MAX = 80


class DaysField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=DAYS_MAX, **kwargs)


class HoursField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=HOURS_MAX, **kwargs)


class HolidaysField(forms.CharField):
    """A day and its name in each line, as 2026-12-25 Christmas Day."""

    def __init__(self, **kwargs: Any) -> None:
        rows = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
        super().__init__(required=False, widget=rows, max_length=HOLIDAYS_MAX * 100, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{day} {name}" for day, name in sorted(value.items()))
        return value

    def clean(self, value: Any) -> dict[str, str]:
        lines = [line.split(maxsplit=1) for line in super().clean(value).splitlines()]
        holidays: dict[str, str] = {}
        for words in filter(None, lines):
            day = _read_day(words[0])
            if len(words) == 1:
                raise forms.ValidationError(f"Name the day off on {day}.")
            if f"{day}" in holidays:
                raise forms.ValidationError(f"{day} stands here twice.")
            holidays[f"{day}"] = _read_name(words[1].strip())
        if len(holidays) > HOLIDAYS_MAX:
            raise forms.ValidationError(f"There is room for {HOLIDAYS_MAX} days off.")
        return dict(sorted(holidays.items()))


def _read_day(word: str) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        day = None
    if day is None or f"{day}" != word or not 2000 <= day.year < 2200:
        raise forms.ValidationError(
            "Begin each line with the day, as in “2026-12-25 Christmas Day”: “%(word)s” is none.",
            params={"word": word[:40]},
        )
    return day


def _read_name(name: str) -> str:
    refuse_control_characters(name)
    refuse_what_hides(name)
    if len(name) > HOLIDAY_NAME_MAX:
        raise forms.ValidationError(f"Names of days have {HOLIDAY_NAME_MAX} characters at most.")
    return name


class PromiseForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    decide_days = DaysField(label="Days to decide")
    appeal_days = DaysField(label="Days to decide an appeal")
    report_days = DaysField(label="Days to answer a report")
    weekdays = forms.MultipleChoiceField(
        label="Working days",
        choices=[(f"{number}", name) for number, name in enumerate(WEEKDAYS, start=1)],
        widget=forms.CheckboxSelectMultiple,
    )
    time_zone = forms.ChoiceField(
        label="Time zone", help_text="It tells when a day begins and ends."
    )
    holidays = HolidaysField(
        label="Days off",
        help_text="One in each line, with its name: 2026-12-25 Christmas Day. They count as no "
        "working days, and everybody can read them.",
    )
    reviewers_reminded_hours = HoursField(label="All reviewers, hours before")
    managers_reminded_hours = HoursField(label="Managers, hours before")
    when_late = forms.ChoiceField(
        label="What happens then",
        choices=Promise.WhenLate.choices,
        widget=forms.RadioSelect,
        help_text="Appeals, reports and what a check has flagged are never decided by silence: "
        "they get an apology and a new date.",
    )
    apology_days = DaysField(
        label="Days to the new date", help_text="Counted from the date that passed."
    )

    def __init__(self, data: Any = None, *, in_force: Promise) -> None:
        self.over, upcoming = _holidays(in_force)
        super().__init__(data, initial=_initial(in_force, holidays=upcoming))
        zone: Any = self.fields["time_zone"]
        zone.choices = zone_choices()
        if in_force.time_zone not in zones():
            zone.choices = [(in_force.time_zone, in_force.time_zone), *zone.choices]

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or {}
        reviewers = asked.get("reviewers_reminded_hours")
        managers = asked.get("managers_reminded_hours")
        if reviewers and managers and managers > reviewers:
            self.add_error("managers_reminded_hours", "Let reviewers know first.")
        return asked

    @property
    def promise(self) -> Promise:
        """What a valid form asks for, stored nowhere yet."""
        asked = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        asked["holidays"] = self.over | asked["holidays"]
        return Promise(**asked)

    def of_the_dates(self) -> list[Any]:
        return [self[name] for name in ("decide_days", "appeal_days", "report_days")]

    def of_reminders(self) -> list[Any]:
        return [self[name] for name in ("reviewers_reminded_hours", "managers_reminded_hours")]


def _holidays(promise: Promise) -> tuple[dict[str, str], dict[str, str]]:
    """The days off that are over, which nobody changes any more, and the others."""
    today = f"{timezone.localdate(timezone=promise.calendar.zone)}"
    over = {day: name for day, name in promise.holidays.items() if day < today}
    return over, {day: name for day, name in promise.holidays.items() if day not in over}


def _initial(promise: Promise, *, holidays: dict[str, str]) -> dict[str, Any]:
    names = (name for name in PromiseForm.base_fields if name not in ("seen", "weekdays"))
    known = {name: getattr(promise, name) for name in names} | {"holidays": holidays}
    return known | {"seen": promise.version, "weekdays": list(promise.weekdays)}
