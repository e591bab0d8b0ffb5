"""What the last ledger check found."""

from django.db import models

from artists.models.check import Check


class LedgerCheck(Check):
    windows = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="ledger_check_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.wrong} wrong of {self.windows} windows at {self.at}"
