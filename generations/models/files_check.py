"""What the last check of rows and files found."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from artists.models.check import Check
from portal.clock import midnight, programme_day

CHECK_TAKES = timedelta(hours=6)  # at most; of a killed worker the claim runs out then


class FilesCheck(Check):
    files = models.PositiveIntegerField(default=0, help_text="That rows name.")
    read_again = models.PositiveIntegerField(default=0, help_text="Whose hash was worked out.")
    lease_until = models.DateTimeField(null=True, help_text="A worker is checking.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="files_check_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.wrong} wrong of {self.files} files at {self.at}"

    @classmethod
    def claim(cls) -> bool:
        """Take the check of today; False means that it is done, or in another's hands."""
        cls.objects.get_or_create(pk=cls.ONLY)
        now = timezone.now()
        due = Q(at=None) | Q(at__lt=midnight(programme_day()))
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return cls.objects.filter(due, free).update(lease_until=now + CHECK_TAKES) == 1

    @classmethod
    def give_back(cls) -> None:
        cls.objects.update(lease_until=None)
