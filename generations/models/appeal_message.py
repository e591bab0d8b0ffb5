"""The thread of an appeal: the artist and whoever decides it, and nobody else."""

from django.db import models
from django.db.models import Q


class AppealMessageQuerySet(models.QuerySet["AppealMessage"]):
    def in_order(self) -> "AppealMessageQuerySet":
        return self.select_related("author").order_by("pk")


class AppealMessage(models.Model):
    """What one of the two wrote."""

    appeal = models.ForeignKey("generations.Appeal", models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        "artists.Artist", models.PROTECT, related_name="appeal_messages_written"
    )
    is_from_artist = models.BooleanField(help_text="Else from who holds the appeal.")
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppealMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_message_says_something"),
        ]
        indexes = [models.Index(fields=["appeal", "id"], name="appeal_thread")]

    def __str__(self) -> str:
        return f"Message {self.pk} of {self.appeal_id}"


class AppealLetter(models.Model):
    """One letter about an appeal, to its artist, its decider, or whose decision it overturned.

    Of messages there is one at a time to each, and not before `not_before`: what is written until
    it goes is told together.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received"
        DECIDED = "decided"
        OVERTURNED = "overturned"  # to whose decision it was
        MESSAGES = "messages"

    appeal = models.ForeignKey("generations.Appeal", models.PROTECT, related_name="letters")
    to = models.ForeignKey("artists.Artist", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    not_before = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the mail server took it.")
    telling_until = models.DateTimeField(null=True, help_text="A worker is writing it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appeal", "to", "kind"],
                condition=Q(told_at=None),
                name="appeal_letter_is_one_untold",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(told_at=None), name="appeal_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_id}"
