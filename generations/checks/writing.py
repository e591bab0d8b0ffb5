"""Making, changing and retiring the programme's rules; and trying one out before it holds."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from artists.models import Artist
from generations.checks.errors import RuleChangedMeanwhile, TooManyRules
from generations.checks.matching import Matcher
from generations.models import CheckRule, Generation, Ground, RuleList
from portal.audit import record

RULES_MOST = 500
PATTERNS_MOST = 100
TRIED_ON = 1000
CAUGHT_SHOWN = 20


@dataclass(frozen=True)
class Wording:
    """What a rule says, as a manager wrote it; CheckRule has the same fields."""

    title: str
    kind: str
    text: str
    ground: Ground
    action: str


@dataclass(frozen=True)
class Tried:
    """What a rule would have caught among the newest prompts. The words come without a name."""

    looked_at: int
    caught: int
    prompts: list[str]


@transaction.atomic
def make_rule(wording: Wording, *, by: Artist) -> CheckRule:
    """Put a new rule into the list. Raises TooManyRules."""
    rules = RuleList.lock()
    last = CheckRule.objects.aggregate(last=Max("number"))["last"] or 0
    rule = _put(rules, wording, number=last + 1, version=1, by=by)
    record("check_rule.made", actor=by, subject=rule, facts=_facts(rule))
    return rule


@transaction.atomic
def change_rule(number: int, wording: Wording, *, seen: int, by: Artist) -> CheckRule:
    """Put a next version in the place of the one that was seen; that stays as it was.

    Raises RuleChangedMeanwhile and TooManyRules.
    """
    rules = RuleList.lock()
    before = _end(rules, number, seen=seen, by=by)
    rule = _put(rules, wording, number=number, version=before.version + 1, by=by)
    facts = {"before": _facts(before), "after": _facts(rule)}
    record("check_rule.changed", actor=by, subject=rule, facts=facts)
    return rule


@transaction.atomic
def retire_rule(number: int, *, seen: int, by: Artist) -> CheckRule:
    """Take a rule out of the list. Raises RuleChangedMeanwhile."""
    rule = _end(RuleList.lock(), number, seen=seen, by=by)
    record("check_rule.retired", actor=by, subject=rule, facts=_facts(rule))
    return rule


def try_rule(*, kind: str, text: str, by: Artist) -> Tried:
    """Hold a rule against the newest prompts of everybody, and write down that somebody did.

    Raises BadPattern.
    """
    matcher = Matcher()
    matcher.add(0, kind, CheckRule(text=text).entries)
    newest = Generation.objects.exclude(prompt="").order_by("-pk")
    prompts = list(newest.values_list("prompt", flat=True)[:TRIED_ON])
    caught = [prompt for prompt in prompts if matcher.hits(prompt)]
    with transaction.atomic():
        facts = {"kind": kind, "looked_at": len(prompts), "caught": len(caught)}
        record("check_rule.tried", actor=by, subject=RuleList.lock(), facts=facts)
    return Tried(len(prompts), len(caught), caught[:CAUGHT_SHOWN])


def _end(rules: RuleList, number: int, *, seen: int, by: Artist) -> CheckRule:
    now = timezone.now()
    standing = CheckRule.objects.filter(number=number, version=seen, ended_at=None)
    if standing.update(ended_at=now, ended_by=by) != 1:
        raise RuleChangedMeanwhile
    rules.note_change(now)
    return CheckRule.objects.select_related("ground").get(number=number, version=seen)


def _put(rules: RuleList, wording: Wording, *, number: int, version: int, by: Artist) -> CheckRule:
    standing = CheckRule.objects.filter(ended_at=None)
    patterns = standing.filter(kind=CheckRule.Kind.PATTERN).count()
    is_pattern = wording.kind == CheckRule.Kind.PATTERN
    if standing.count() >= RULES_MOST or (is_pattern and patterns >= PATTERNS_MOST):
        raise TooManyRules
    now = timezone.now()
    rule = CheckRule.objects.create(
        number=number, version=version, made_by=by, made_at=now, **vars(wording)
    )
    rules.note_change(now)
    return rule


def _facts(rule: CheckRule) -> dict[str, Any]:
    """For the trail, which keeps for ever and so takes no names: the version has the text."""
    return {
        "number": rule.number,
        "version": rule.version,
        "kind": rule.kind,
        "action": rule.action,
        "ground": rule.ground.code,
    }
