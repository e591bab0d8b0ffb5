"""The audit trail: what people do to another's work or access, append-only and hash-chained (I10).

Each event holds the SHA-256 of the hash before it and of its own content, so that a row that is
changed, taken out, put in or moved breaks the chain at that row. The head keeps the number and
the hash of the newest event, so that rows missing at the end are noticed too.
"""

import hashlib
import json
from datetime import UTC
from typing import Any, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from portal.origin import address

BEGINNING = "0" * 64  # stands for the hash before the first event


class AppendOnly(Exception):
    """Somebody tried to change or remove an event."""


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **changes: Any) -> NoReturn:
        raise AppendOnly("An event is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("An event is never removed.")


class Event(models.Model):
    """One thing that somebody did to another's work or access.

    People and subjects stand by their keys alone: an event outlives them. The one thing in it that
    may lead to a person is the address from which they acted.
    """

    sequence = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 … without a gap.")
    at = models.DateTimeField()
    verb = models.CharField(max_length=60, help_text="What was done, as in invitation.made.")
    actor_id = models.BigIntegerField(null=True, help_text="Empty: somebody at the command line.")
    subject_type = models.CharField(max_length=60, help_text="A model, as in artists.invitation.")
    subject_id = models.CharField(max_length=60)
    address = models.CharField(max_length=45, null=True, help_text="Empty: no request did it.")
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        get_latest_by = "sequence"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "sequence"], name="event_subject"),
            models.Index(fields=["actor_id", "sequence"], name="event_actor"),
            models.Index(fields=["verb", "sequence"], name="event_verb"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.verb} {self.subject_type} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("An event is never changed.")
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("An event is never removed.")

    def hash_after(self, previous: str) -> str:
        """Return the hash of this event in a chain whose last hash is `previous`."""
        content = {
            "sequence": self.sequence,
            "at": self.at and self.at.astimezone(UTC).isoformat(),  # no time: somebody broke it
            "verb": self.verb,
            "actor": self.actor_id,
            "subject": [self.subject_type, self.subject_id],
            "facts": self.facts,
        }
        if self.address is not None:  # events that are older than this column have none
            content["address"] = self.address
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


class AuditHead(models.Model):
    """The end of the chain: one row, whose lock lets one transaction at a time append."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    sequence = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default=BEGINNING)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.sha256}"

    @classmethod
    def newest(cls) -> "AuditHead":
        """Return the head as it stands, unlocked; before the first event there is none yet."""
        return cls.objects.filter(pk=cls.ONLY).first() or cls()


@transaction.atomic(savepoint=False)
def record(
    verb: str,
    *,
    actor: AbstractBaseUser | None,
    subject: models.Model,
    facts: dict[str, Any] | None = None,
) -> Event:
    """Append an event within the caller's transaction: both stand, or neither.

    `actor` is None for somebody at the command line. `facts` hold what JSON holds, but no
    fractions, which databases write down differently, and nothing personal or secret: they stay
    for ever. Of a change they hold what was `before` and `after`. The address is that of the
    request that is being answered. The head stays locked until the caller's transaction ends, so
    call this last.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=AuditHead.ONLY)
    event = Event(
        sequence=head.sequence + 1,
        at=timezone.now(),
        verb=verb,
        actor_id=actor.pk if actor else None,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        address=address(),
        facts=_plain(facts or {}),
    )
    event.sha256 = event.hash_after(head.sha256)
    event.save()
    head.sequence, head.sha256 = event.sequence, event.sha256
    head.save(force_update=True)
    return event


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as every database gives them back."""

    def refuse(number: str) -> NoReturn:
        raise ValueError(f"facts hold no fractions: {number}")

    text = json.dumps(facts, cls=DjangoJSONEncoder)
    plain: dict[str, Any] = json.loads(text, parse_float=refuse, parse_constant=refuse)
    return plain
