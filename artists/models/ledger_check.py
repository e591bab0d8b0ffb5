"""What the last ledger check found."""

from typing import Any

from django.db import models


class LedgerCheck(models.Model):
    """The last check: one row, whose lock lets one check at a time write down what it found."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    at = models.DateTimeField(null=True)
    windows = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0, help_text="How many places do not add up.")
    sentences: Any = models.JSONField(default=list, help_text="The first of them, in words.")
    told: Any = models.JSONField(default=list, help_text="Keys of those a letter was sent about.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="ledger_check_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.wrong} wrong of {self.windows} windows at {self.at}"

    @classmethod
    def last(cls) -> "LedgerCheck":
        """Return the last check; before the first there is one without a time."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls()
