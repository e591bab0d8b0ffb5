"""Checking a prompt before it costs anything, and what the checks say of a generation."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from artists.models import Artist, Token
from generations.checks import moderation, rules
from generations.checks.errors import PromptRefused
from generations.checks.findings import Finding, keep
from generations.checks.moderation import NotChecked
from generations.checks.thresholds import judge, not_checked
from generations.models import (
    Check,
    Generation,
    Ground,
    RefusedPrompt,
    Threshold,
    VideoModel,
)
from generations.pauses.guard import refuse_if_paused

Findings = Sequence[Finding]


def check_prompt(
    *, artist: Artist, video_model: VideoModel, prompt: str, token: Token | None = None
) -> Findings:
    """Hold a prompt against the programme's rules and, where there is one, a moderation server.

    Returns what flags it, and the server's word. Call it outside of any transaction: the server
    may take seconds, and a refusal is to stand. Raises PromptRefused, and Paused before the words
    of somebody who is paused are sent anywhere.
    """
    findings = rules.in_force().find(prompt)
    refusing = next((one for one in findings if one.refuses), None)
    may = refusing is not None and RefusedPrompt.objects.pass_now(artist, prompt)
    if moderation.is_set_up() and (refusing is None or may):
        refuse_if_paused(artist=artist, video_model=video_model, token=token)
        said = _moderate(artist, prompt)
        findings.append(said)
        if refusing is None and said.refuses:
            refusing, may = said, RefusedPrompt.objects.pass_now(artist, prompt)
    if refusing is None or may:
        return findings
    refused = _write_down(
        findings, refusing, artist=artist, video_model=video_model, prompt=prompt, token=token
    )
    raise PromptRefused(refused)


def keep_findings(findings: Findings, generation: Generation) -> None:
    """Write down what was found of a prompt, beside the generation that it became."""
    keep(findings, stage=Check.Stage.PROMPT, generation=generation)


def is_flagged(generation_id: UUID) -> bool:
    """Whether any check asks for a person's eyes."""
    return Check.objects.flags().filter(generation=generation_id).exists()


def _moderate(artist: Artist, prompt: str) -> Finding:
    try:
        word = moderation.moderate_text(prompt)
    except NotChecked as why:
        return not_checked(why)
    return judge(word, Threshold.objects.binding(artist.cohort_id))


@transaction.atomic(durable=True)
def _write_down(
    findings: Findings,
    refusing: Finding,
    *,
    artist: Artist,
    video_model: VideoModel,
    prompt: str,
    token: Token | None,
) -> RefusedPrompt:
    """Keep what was refused and why; the same words again are counted."""
    same = RefusedPrompt.objects.same(artist, prompt)
    earlier = same.filter(rule=refusing.rule, category=refusing.category)
    if again := earlier.select_related("ground", "rule").first():
        again.note_again()
        return again
    refused = RefusedPrompt.objects.make(
        artist=artist,
        token=token,
        video_model=video_model,
        prompt=prompt,
        ground=_newest(refusing.ground),
        rule=refusing.rule,
        category=refusing.category,
    )
    keep(findings, stage=Check.Stage.PROMPT, refused=refused)
    return refused


def _newest(ground: Ground | None) -> Ground:
    """The version in force of a ground, or this one where it was retired without another."""
    if ground is None:
        raise ValueError("what refuses names its ground")
    return Ground.objects.in_force().filter(code=ground.code).first() or ground
