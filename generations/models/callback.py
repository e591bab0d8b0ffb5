"""Callbacks that have come in, so that none is heard twice."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

KEPT_FOR = timedelta(days=1)  # far longer than a signature is believed


class CallbackQuerySet(models.QuerySet["Callback"]):
    def hear(self, *, provider: str, delivery_id: str) -> bool:
        """Note a delivery; False means that it was heard before."""
        _, is_new = self.get_or_create(provider=provider, delivery_id=delivery_id)
        return is_new

    def old(self) -> "CallbackQuerySet":
        return self.filter(received_at__lt=timezone.now() - KEPT_FOR)


class Callback(models.Model):
    """One delivery by a provider. Its signature is too old to pass long before the row goes."""

    provider = models.CharField(max_length=40)
    delivery_id = models.CharField(max_length=200)
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "delivery_id"], name="callback_is_heard_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.delivery_id}"
