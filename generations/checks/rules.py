"""The rules in force, compiled once a process for each version of the list."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from generations.checks.findings import Finding
from generations.checks.matching import BadPattern, Matcher
from generations.models import Check, CheckRule, RuleList
from portal.prepared import Select

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Compiled:
    """The list at one stamp. `broken` are rules that cannot be applied: they flag every prompt."""

    stamp: UUID | None = None
    version: int = 0
    rules: Mapping[int, CheckRule] = field(default_factory=dict)
    matcher: Matcher = field(default_factory=Matcher)
    broken: frozenset[int] = frozenset()

    def find(self, prompt: str) -> list[Finding]:
        """What the rules say of a prompt, in the order of the list."""
        if not self.rules:
            return []
        hits = self.matcher.hits(prompt)
        return [
            self._finding(rule, is_broken=key in self.broken)
            for key, rule in self.rules.items()
            if key in hits or key in self.broken
        ]

    def _finding(self, rule: CheckRule, *, is_broken: bool) -> Finding:
        refuses = rule.refuses and not is_broken
        return Finding(
            source=Check.Source.RULES,
            outcome=Check.Outcome.REFUSE if refuses else Check.Outcome.FLAG,
            rule=rule,
            list_version=self.version,
            words="This rule could not be applied, so a person looks." if is_broken else "",
            ground=rule.ground,
        )


def in_force() -> Compiled:
    """The list as it stands now: one query by its key, and no more while nothing has changed."""
    global _compiled
    found = _LIST.first()
    if found is None:
        return Compiled()
    if _compiled.stamp != found.stamp:
        _compiled = _compile(found)
    return _compiled


def _compile(found: RuleList) -> Compiled:
    """Compile the rules, which are read after the stamp: never older ones under a newer stamp."""
    rules = {rule.pk: rule for rule in CheckRule.objects.in_force().select_related("ground")}
    matcher, broken = Matcher(), set()
    for key, rule in rules.items():
        try:
            matcher.add(key, rule.kind, rule.entries)
        except BadPattern:
            logger.exception("the rule “%s” cannot be applied: it flags every prompt", rule)
            broken.add(key)
    return Compiled(found.stamp, found.version, rules, matcher, frozenset(broken))


_LIST = Select(lambda: RuleList.objects.filter(pk=RuleList.ONLY))
_compiled = Compiled()
