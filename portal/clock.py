"""The programme's own time, settings.TIME_ZONE, whoever asks and wherever they are."""

from datetime import date, datetime, time

from django.utils import timezone


def programme_time(at: datetime) -> datetime:
    return timezone.localtime(at, timezone.get_default_timezone())


def programme_day() -> date:
    """Return today's date."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
