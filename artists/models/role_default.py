"""What roles were given by default, so that what a manager changed afterwards stands."""

from django.db import models


class RoleDefault(models.Model):
    """A permission that a role was given by default, once."""

    role = models.CharField(max_length=20)
    permission = models.CharField(max_length=120, help_text="As in generations.review_submission.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="role_default_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission}"
