"""Time as a promise counts it: working days, of one time zone, without the days off."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """Which days count. A working day is one from midnight to midnight.

    `weekdays` are those of date.isoweekday(): 1 is Monday. There is one at least.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    days_off: frozenset[date] = field(default=frozenset())

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.days_off

    def days_after(self, at: datetime, days: int) -> datetime:
        """The end of so many working days after a moment.

        What comes on a day that is none counts from the next one, 00:00. Clock time is kept over
        a change to or from summer time: from Friday, 15:00, one day ends on Monday at 15:00.
        """
        end = at.astimezone(self.zone)
        if not self.is_working(end.date()):
            end = self._next(datetime.combine(end.date(), time.min, self.zone))
        for _ in range(days):
            end = self._next(end)
        return end.astimezone(UTC).astimezone(self.zone)  # 02:30 where there is none is 03:30

    def hours_after(self, at: datetime, hours: int) -> datetime:
        """The moment by which so many hours of working days have passed."""
        now, left = at.astimezone(self.zone), timedelta(hours=hours)
        while True:
            tomorrow = datetime.combine(now.date() + DAY, time.min, self.zone)
            if self.is_working(now.date()):
                rest = tomorrow.astimezone(UTC) - now.astimezone(UTC)
                if left < rest:
                    return (now.astimezone(UTC) + left).astimezone(self.zone)
                left -= rest
            now = tomorrow

    def _next(self, at: datetime) -> datetime:
        at += DAY
        while not self.is_working(at.date()):
            at += DAY
        return at
