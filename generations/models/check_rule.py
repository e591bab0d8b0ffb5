"""The programme's own rules for prompts: each in versions that stay as they were."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class CheckRuleQuerySet(models.QuerySet["CheckRule"]):
    def in_force(self) -> "CheckRuleQuerySet":
        return self.filter(ended_at=None).order_by("number")

    def retired(self) -> "CheckRuleQuerySet":
        """The last version of each rule that was retired, the latest first."""
        newer = CheckRule.objects.filter(
            number=models.OuterRef("number"), version__gt=models.OuterRef("version")
        )
        ended = self.filter(~models.Exists(newer), ended_at__isnull=False)
        return ended.order_by("-ended_at", "-pk")

    def versions(self, number: int) -> "CheckRuleQuerySet":
        """All versions of one rule, the newest first."""
        return self.filter(number=number).order_by("-version")


class CheckRule(models.Model):
    """One version of one rule. It is ended by the next or retired, never edited."""

    class Kind(models.TextChoices):
        WORDS = "words", "Words"
        PERSON = "person", "Real people, by name"
        PATTERN = "pattern", "A pattern"

    class Action(models.TextChoices):
        FLAG = "flag", "Flag it for the reviewers"
        REFUSE = "refuse", "Refuse it"

    number = models.PositiveIntegerField(help_text="Of the rule; all its versions have it.")
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=80, help_text="As artists read it who are refused by it.")
    kind = models.CharField(max_length=7, choices=Kind)
    text = models.TextField(max_length=20_000, help_text="What is looked for, one a line.")
    ground = models.ForeignKey("generations.Ground", models.PROTECT, related_name="check_rules")
    action = models.CharField(max_length=6, choices=Action)
    made_by = models.ForeignKey("artists.Artist", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, help_text="Replaced or retired; empty: in force.")
    ended_by = models.ForeignKey("artists.Artist", models.PROTECT, null=True, related_name="+")

    objects = CheckRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="check_rule_version_is_one"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_at=None), name="check_rule_is_once_in_force"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["words", "person", "pattern"], action__in=["flag", "refuse"]),
                name="check_rule_is_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(title=""), name="check_rule_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def refuses(self) -> bool:
        return self.action == self.Action.REFUSE

    @property
    def entries(self) -> list[str]:
        """What is looked for, one after the other."""
        return [line for line in map(str.strip, self.text.splitlines()) if line]


class RuleList(models.Model):
    """The list as a whole: one row, whose stamp is another after every change of a rule.

    The stamp is drawn, not counted: after a backup is restored, or in a process that saw what was
    rolled back, a number would come again for other rules.
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    version = models.PositiveIntegerField(default=0)
    stamp = models.UUIDField(default=uuid4)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="rule_list_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def lock(cls) -> "RuleList":
        """Take the turn to change the list, until the transaction ends."""
        cls.objects.get_or_create(pk=cls.ONLY)
        return cls.objects.select_for_update().get(pk=cls.ONLY)

    def note_change(self, at: datetime) -> None:
        changes = {"version": F("version") + 1, "stamp": uuid4(), "changed_at": at}
        RuleList.objects.filter(pk=self.pk).update(**changes)
