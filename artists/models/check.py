"""What the last of a kind of check found, in one row."""

from typing import Any, Self

from django.db import models


class Check(models.Model):
    """The last check of its kind: one row, whose lock lets one at a time write down what it found.

    A kind has a constraint that keeps it one row, and a column for whatever it counts.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    at = models.DateTimeField(null=True)
    wrong = models.PositiveIntegerField(default=0, help_text="How many places do not add up.")
    sentences: Any = models.JSONField(default=list, help_text="The first of them, in words.")
    told: Any = models.JSONField(default=list, help_text="Keys of those a letter was sent about.")

    class Meta:
        abstract = True

    @classmethod
    def last(cls) -> Self:
        """Return the last check; before the first there is one without a time."""
        return cls._default_manager.filter(pk=cls.ONLY).first() or cls()
