"""What a check found of a generation or of a refused prompt, and what is still to be checked."""

from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class CheckQuerySet(models.QuerySet["Check"]):
    def flags(self) -> "CheckQuerySet":
        """Those that ask for a person's eyes."""
        return self.exclude(outcome=Check.Outcome.PASS)

    def of(self, generation_id: UUID) -> "CheckQuerySet":
        return self.filter(generation=generation_id).select_related("rule__ground").order_by("pk")


class Check(models.Model):
    """One finding: by a rule of the programme, or by the moderation server with its scores.

    A rule that finds nothing leaves none; the server's word is kept whatever it was.
    """

    class Stage(models.TextChoices):
        PROMPT = "prompt", "The prompt"
        FRAMES = "frames", "The pictures"

    class Source(models.TextChoices):
        RULES = "rules", "A rule of the programme"
        MODERATION = "moderation", "The moderation server"

    class Outcome(models.TextChoices):
        PASS = "pass", "Passed"
        FLAG = "flag", "Flagged"
        REFUSE = "refuse", "Refused"

    generation = models.ForeignKey(
        "generations.Generation", models.CASCADE, null=True, related_name="checks"
    )
    refused = models.ForeignKey(
        "generations.RefusedPrompt", models.CASCADE, null=True, related_name="checks"
    )
    stage = models.CharField(max_length=6, choices=Stage)
    source = models.CharField(max_length=10, choices=Source)
    outcome = models.CharField(max_length=6, choices=Outcome)
    rule = models.ForeignKey(
        "generations.CheckRule", models.PROTECT, null=True, related_name="checks"
    )
    list_version = models.PositiveIntegerField(null=True, help_text="Of the rules then in force.")
    model = models.CharField(max_length=100, blank=True, help_text="Of the moderation server.")
    scores = models.JSONField(default=dict, help_text="By category, from 0 to 1.")
    words = models.CharField(max_length=300, blank=True, help_text="For the reviewers.")
    at = models.DateTimeField(default=timezone.now)

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(generation__isnull=False, refused=None)
                | Q(generation=None, refused__isnull=False),
                name="check_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(source="rules", rule__isnull=False, list_version__isnull=False)
                | Q(source="moderation", rule=None, list_version=None),
                name="check_names_its_rule",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["pass", "flag", "refuse"], stage__in=["prompt", "frames"]),
                name="check_outcome_is_known",
            ),
            # After cost a machine refuses nothing: it asks for a person.
            models.CheckConstraint(
                condition=~Q(outcome="refuse") | Q(stage="prompt", refused__isnull=False),
                name="check_refuses_prompts_alone",
            ),
            models.UniqueConstraint(
                fields=["generation"],
                condition=Q(stage="frames", source="moderation"),
                name="check_of_frames_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} by {self.source}: {self.outcome}"

    @property
    def is_flag(self) -> bool:
        return self.outcome != self.Outcome.PASS

    @property
    def top_scores(self) -> list[tuple[str, int]]:
        """Categories with their scores in per cent, the highest first."""
        ordered = sorted(self.scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(name, round(100 * score)) for name, score in ordered]


class FramesDueQuerySet(models.QuerySet["FramesDue"]):
    def due(self) -> "FramesDueQuerySet":
        return self.filter(due_at__lte=timezone.now()).order_by("due_at")

    def claim(self, generation_id: UUID, *, seconds: int) -> bool:
        """Take the check of one clip for so many seconds; False: another has it, or it is done."""
        until = timezone.now() + timedelta(seconds=seconds)
        due = self.filter(pk=generation_id, due_at__lte=timezone.now())
        return due.update(due_at=until, tries=F("tries") + 1) == 1


class FramesDue(models.Model):
    """A finished clip whose pictures are still to be checked; the row goes once they are."""

    generation = models.OneToOneField(
        "generations.Generation", models.CASCADE, primary_key=True, related_name="frames_due"
    )
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = FramesDueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="frames_due")]

    def __str__(self) -> str:
        return f"{self.generation_id}, tried {self.tries} times"
