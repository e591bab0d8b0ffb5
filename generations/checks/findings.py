"""What a check found, before there is a row that it belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from generations.models import Check, CheckRule, Generation, Ground, RefusedPrompt
from portal.prepared import insert


class Subject(TypedDict, total=False):
    """What a finding is about: one of these."""

    generation: Generation
    refused: RefusedPrompt


@dataclass(frozen=True)
class Finding:
    """One finding about a prompt or about pictures; see Check. `ground` is of what refuses."""

    source: Check.Source
    outcome: Check.Outcome
    rule: CheckRule | None = None
    list_version: int | None = None
    model: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    words: str = ""
    ground: Ground | None = None
    category: str = ""

    @property
    def refuses(self) -> bool:
        return self.outcome == Check.Outcome.REFUSE

    def row(self, stage: Check.Stage, **subject: Unpack[Subject]) -> Check:
        """The row of this finding; what would refuse, and is about something made, flags."""
        outcome = self.outcome
        if self.refuses and "refused" not in subject:
            outcome = Check.Outcome.FLAG
        return Check(
            stage=stage,
            source=self.source,
            outcome=outcome,
            rule=self.rule,
            list_version=self.list_version,
            model=self.model[:100],
            scores=dict(self.scores),
            words=self.words[:300],
            **subject,
        )


def keep(findings: Iterable[Finding], *, stage: Check.Stage, **subject: Unpack[Subject]) -> None:
    """Write findings down within the caller's transaction."""
    insert(*[finding.row(stage, **subject) for finding in findings])
