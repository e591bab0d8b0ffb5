"""A second account of the quota, kept in plain Python: what the ledger is compared with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY, MONTH, TOTAL = "day", "month", "total"
CREDITS, MONEY = "credits", "money"

Counters = dict[tuple[str, datetime | None], int]


@dataclass
class Extra:
    """A raise of one limit."""

    limit: str
    amount: int
    starts_at: datetime
    ends_at: datetime


@dataclass
class Rule:
    """A limit: its ceiling is None while it has ended."""

    period: str
    unit: str
    ceiling: int | None
    history: list[tuple[int, int | None]] = field(default_factory=list)  # entry, ceiling before

    def start(self, at: datetime) -> datetime | None:
        if self.period == TOTAL:
            return None
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if self.period == DAY else midnight.replace(day=1)


@dataclass
class Claim:
    """What one generation took, and from where. It closes once."""

    made_at: datetime
    amounts: dict[str, int]
    windows: list[tuple[str, datetime | None]]
    outcome: str = "held"
    settled: dict[str, int] = field(default_factory=dict)
    late: int = 0  # of the settled money, what was told after the close and taken from a budget


@dataclass
class Book:
    rules: dict[str, Rule]
    held: Counters = field(default_factory=dict)
    spent: Counters = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)

    def ceiling(self, name: str, at: datetime) -> int:
        ceiling = self.rules[name].ceiling
        assert ceiling is not None
        running = (
            one.amount
            for one in self.extras
            if one.limit == name and one.starts_at <= at < one.ends_at
        )
        return ceiling + sum(running)

    def tightest(self, names: list[str], at: datetime) -> str:
        """Of these limits in credits, the one with the least free."""

        def free(name: str) -> int:
            return self.ceiling(name, at) - self.used(name, self.rules[name].start(at))

        standing = [one for one in names if self.rules[one].ceiling is not None]
        return min((one for one in standing if self.rules[one].unit == CREDITS), key=free)

    def next_change(self, at: datetime) -> datetime | None:
        """When a raise begins or ends next."""
        moments = (moment for one in self.extras for moment in (one.starts_at, one.ends_at))
        return min((moment for moment in moments if moment > at), default=None)

    def used(self, name: str, start: datetime | None) -> int:
        return self.held.get((name, start), 0) + self.spent.get((name, start), 0)

    def claim(self, amounts: dict[str, int], *, names: list[str], at: datetime) -> Claim | None:
        """Take the amounts from every standing limit named, or nothing from any: then None."""
        taken = []
        for name in names:
            rule = self.rules[name]
            amount = amounts[rule.unit]
            if rule.ceiling is None or (rule.unit == MONEY and not amount):
                continue
            if self.used(name, rule.start(at)) + amount > self.ceiling(name, at):
                return None
            taken.append((name, rule.start(at)))
        for name, start in taken:
            amount = amounts[self.rules[name].unit]
            self.held[name, start] = self.held.get((name, start), 0) + amount
        return Claim(at, amounts, taken)

    def close(self, claim: Claim, outcome: str, settled: dict[str, int]) -> None:
        assert claim.outcome == "held"
        claim.outcome, claim.settled = outcome, settled
        for name, start in claim.windows:
            unit = self.rules[name].unit
            self.held[name, start] -= claim.amounts[unit]
            self.spent[name, start] = self.spent.get((name, start), 0) + settled[unit]

    def add(self, claim: Claim, money: int) -> None:
        """Spend what was told after the close."""
        claim.settled[MONEY] += money
        for name, start in claim.windows:
            if self.rules[name].unit == MONEY:
                self.spent[name, start] = self.spent.get((name, start), 0) + money
                claim.late = money


def at_most(cost: int | None, held: int, *, otherwise: int) -> int:
    """What of a reported cost is settled: within the hold; `otherwise` where nothing is known."""
    return otherwise if cost is None else min(cost, held)


HOUR = timedelta(hours=1)
