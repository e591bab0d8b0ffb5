"""From which score on a category flags or refuses, for an artist's cohort."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from artists.models import Artist, Cohort
from generations.checks.findings import Finding
from generations.checks.moderation import NotChecked, Word
from generations.models import Check, Ground, RuleList, Threshold
from portal.audit import record

FLAG_AT = 50  # per cent, of every category, until the programme sets its own
CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
    Threshold.OTHER,
)


@dataclass(frozen=True)
class Chosen:
    """One line of a scope's thresholds, as a manager chose it; per cent."""

    category: str
    flag_at: int | None
    refuse_at: int | None
    ground: Ground | None


def judge(word: Word, thresholds: Iterable[Threshold]) -> Finding:
    """What the server's word means by these thresholds; the gravest category counts."""
    by_category = {one.category: one for one in thresholds}
    default = by_category.get(Threshold.OTHER)
    if not by_category:
        default = Threshold(category=Threshold.OTHER, flag_at=FLAG_AT)
    flagged, refused = [], []
    for category, score in word.scores.items():
        limit = by_category.get(category, default)
        if limit is None:
            continue
        if limit.refuse_at is not None and score >= limit.refuse_at / 100:
            refused.append((score, category, limit.ground))
        if limit.flag_at is not None and score >= limit.flag_at / 100:
            flagged.append(category)
    say = partial(Finding, source=Check.Source.MODERATION, model=word.model, scores=word.scores)
    if refused:
        _, category, ground = max(refused, key=lambda one: one[0])
        named = ", ".join(sorted(one for _, one, _ in refused))
        return say(
            outcome=Check.Outcome.REFUSE,
            ground=ground,
            category=category,
            words=f"High enough to refuse a prompt: {named}.",
        )
    if flagged:
        return say(outcome=Check.Outcome.FLAG, words=f"Flagged: {', '.join(sorted(flagged))}.")
    return say(outcome=Check.Outcome.PASS)


def not_checked(why: NotChecked) -> Finding:
    """What could not be checked is flagged: it neither passes in silence nor is refused."""
    return Finding(
        source=Check.Source.MODERATION, outcome=Check.Outcome.FLAG, words=f"Not checked. {why}"
    )


@transaction.atomic
def set_thresholds(cohort: Cohort | None, chosen: Iterable[Chosen], *, by: Artist) -> None:
    """Put these in the place of a cohort's thresholds, or of the programme's where it is None."""
    lock = RuleList.lock()
    Threshold.objects.filter(cohort=cohort).delete()
    lines = list(chosen)
    Threshold.objects.bulk_create(Threshold(cohort=cohort, **vars(line)) for line in lines)
    facts: Mapping[str, object] = {
        line.category: [line.flag_at, line.refuse_at, line.ground and line.ground.code]
        for line in lines
    }
    subject = cohort or lock
    record("thresholds.set", actor=by, subject=subject, facts={"flag_refuse_ground": facts})


@transaction.atomic
def follow_programme(cohort: Cohort, *, by: Artist) -> None:
    """Take a cohort's own thresholds away, so that the programme's hold for it."""
    RuleList.lock()
    if Threshold.objects.filter(cohort=cohort).delete()[0]:
        record("thresholds.ended", actor=by, subject=cohort, facts={"at": timezone.now()})
