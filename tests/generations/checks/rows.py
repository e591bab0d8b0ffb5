"""Rules, and what they refused."""

from typing import Any

from artists.models import Artist
from generations.checks.writing import Wording, change_rule, make_rule, retire_rule
from generations.models import CheckRule, Ground, RefusedPrompt, VideoModel


def wording(**changes: Any) -> Wording:
    """A rule that refuses a real person's name, on the ground of others' rights."""
    facts: dict[str, Any] = {
        "title": "Real people",
        "kind": CheckRule.Kind.PERSON,
        "text": "Ada Lovelace",
        "action": CheckRule.Action.REFUSE,
    }
    ground = Ground.objects.in_force().get(code="rights")
    return Wording(**facts | {"ground": ground} | changes)


def checked_and_refused(artist: Artist, *, long: bool = False) -> tuple[CheckRule, RefusedPrompt]:
    """A rule with an earlier version, a retired one, and a prompt of the artist's refused by it."""
    words = "Donaudampfschifffahrtsgesellschaft" * (5 if long else 1)
    first = make_rule(wording(title=words[:80], text=words), by=artist)
    rule = change_rule(first.number, wording(title=words[:80]), seen=first.version, by=artist)
    gone = make_rule(wording(title="Old words", kind="words"), by=artist)
    retire_rule(gone.number, seen=gone.version, by=artist)
    refused = RefusedPrompt.objects.make(
        artist=artist,
        video_model=VideoModel.objects.get(),
        prompt=f"Ada Lovelace {words}",
        ground=rule.ground,
        rule=rule,
    )
    return rule, refused
