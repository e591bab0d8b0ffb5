"""The days that the dashboard looks back on, in the programme's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from portal.clock import midnight, programme_day

LENGTHS = (7, 30, 90)
USUAL = 30


@dataclass(frozen=True)
class Period:
    """Whole days in a row, the first and the last of them included."""

    first: date
    last: date

    @classmethod
    def until_today(cls, length: int) -> Self:
        today = programme_day()
        return cls(today - timedelta(days=length - 1), today)

    @classmethod
    def read(cls, text: str) -> Self:
        """The period of that many days; what is none that can be chosen is the usual one."""
        lengths = {str(length): length for length in LENGTHS}
        return cls.until_today(lengths.get(text, USUAL))

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(len(self))]

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The moment after it."""
        return midnight(self.last + timedelta(days=1))

    @property
    def asked(self) -> dict[str, str]:
        """It in the address of a list."""
        return {"since": f"{self.first}", "until": f"{self.last}"}
