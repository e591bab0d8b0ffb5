"""A prompt that the checks refused before it cost anything."""

import hashlib
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from portal.ids import uuid7

if TYPE_CHECKING:
    from artists.models import Artist, Token
    from generations.models.check_rule import CheckRule
    from generations.models.decision import Ground
    from generations.models.video_model import VideoModel


class Facts(TypedDict):
    """Whose prompt was refused, for which video model, and by what."""

    artist: "Artist"
    token: NotRequired["Token | None"]
    video_model: "VideoModel"
    ground: "Ground"
    rule: NotRequired["CheckRule | None"]
    category: NotRequired[str]


class RefusedPromptQuerySet(models.QuerySet["RefusedPrompt"]):
    def visible_to(self, artist: "Artist") -> "RefusedPromptQuerySet":
        """One's own, the latest first (I7)."""
        own = self.filter(artist=artist).exclude(prompt="")
        return own.select_related("ground", "rule", "video_model").order_by("-pk")

    def with_appeals(self) -> "RefusedPromptQuerySet":
        """Each with its appeal, and with `passes_now`."""
        same = {"artist": OuterRef("artist"), "prompt_sha256": OuterRef("prompt_sha256")}
        won = RefusedPrompt.objects.filter(**same, allowed_at__isnull=False)
        return self.select_related("appeal__review").annotate(passes_now=Exists(won))

    def same(self, artist: "Artist", prompt: str) -> "RefusedPromptQuerySet":
        """Earlier refusals of the same words of the same artist."""
        return self.filter(artist=artist, prompt_sha256=sha256_of(prompt))

    def make(self, *, prompt: str, **facts: Unpack[Facts]) -> "RefusedPrompt":
        return self.create(prompt=prompt, prompt_sha256=sha256_of(prompt), **facts)

    def pass_now(self, artist: "Artist", prompt: str) -> bool:
        """Whether an appeal about these words was won: what would refuse them flags."""
        return self.same(artist, prompt).exclude(allowed_at=None).exists()

    def allow(self, refused_id: UUID) -> bool:
        """Let these words of this artist pass from now on; False where they may already."""
        return self.filter(pk=refused_id, allowed_at=None).update(allowed_at=timezone.now()) == 1


class RefusedPrompt(models.Model):
    """What was refused, by which rule or category, on which ground. It cost nothing.

    The same words refused again by the same are counted here. An appeal that is won allows them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    artist = models.ForeignKey("artists.Artist", models.PROTECT, related_name="refused_prompts")
    token = models.ForeignKey("artists.Token", models.SET_NULL, null=True, related_name="+")
    video_model = models.ForeignKey("generations.VideoModel", models.PROTECT, related_name="+")
    prompt = models.TextField(help_text="Empty once it is erased.")
    prompt_sha256 = models.CharField(max_length=64)
    ground = models.ForeignKey("generations.Ground", models.PROTECT, related_name="+")
    rule = models.ForeignKey("generations.CheckRule", models.PROTECT, null=True, related_name="+")
    category = models.CharField(
        max_length=60, blank=True, help_text="Of the moderation server; empty where a rule did it."
    )
    times = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    allowed_at = models.DateTimeField(null=True, help_text="Since an appeal was won.")

    objects = RefusedPromptQuerySet.as_manager()
    passes_now: bool  # whether an appeal about these words was won, where it was read with that

    class Meta:
        indexes = [
            models.Index(fields=["artist", "-id"], name="refused_prompt_mine"),
            models.Index(fields=["artist", "prompt_sha256"], name="refused_prompt_same"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__isnull=False, category="") | (Q(rule=None) & ~Q(category="")),
                name="refused_prompt_names_what_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id}: {self.ground}"

    def get_absolute_url(self) -> str:
        return reverse("generations:refused_prompt", args=[self.pk])

    @property
    def by(self) -> str:
        """What refused it, in words for the artist."""
        return self.rule.title if self.rule else f"the category “{self.category}”"

    def note_again(self) -> None:
        again = RefusedPrompt.objects.filter(pk=self.pk)
        again.update(times=F("times") + 1, last_at=timezone.now())


def sha256_of(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()
