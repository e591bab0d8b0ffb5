"""What is blurred, grey and mute until its reviewer lifts the veil."""

from dataclasses import dataclass

from artists.models import Artist
from generations.models import ReviewerPreferences


@dataclass(frozen=True)
class Veil:
    """What hides a clip at first."""

    blurs: bool
    greys: bool
    mutes: bool
    is_flagged: bool

    @property
    def words(self) -> str:
        """As the page's CSS reads it."""
        return " ".join(word for word, on in (("blur", self.blurs), ("grey", self.greys)) if on)

    @property
    def state(self) -> str:
        """What it does, in a sentence: “Blurred, grey and mute”."""
        states = (("blurred", self.blurs), ("grey", self.greys), ("mute", self.mutes))
        found = [state for state, on in states if on]
        return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]])).capitalize()


def veil_for(reviewer: Artist, *, is_flagged: bool) -> Veil | None:
    """The veil that this reviewer wants over a clip; None: they see it as it is."""
    wanted = ReviewerPreferences.objects.of(reviewer)
    when = {
        ReviewerPreferences.Veiled.FLAGGED: is_flagged,
        ReviewerPreferences.Veiled.ALL: True,
        ReviewerPreferences.Veiled.NONE: False,
    }
    hides = wanted.blurs or wanted.greys or wanted.mutes
    if not (hides and when[ReviewerPreferences.Veiled(wanted.veiled)]):
        return None
    return Veil(wanted.blurs, wanted.greys, wanted.mutes, is_flagged)


def keep(*, reviewer: Artist, veiled: str, blurs: bool, greys: bool, mutes: bool) -> None:
    """Keep how a reviewer wants to watch."""
    ReviewerPreferences.objects.update_or_create(
        reviewer=reviewer,
        defaults={"veiled": veiled, "blurs": blurs, "greys": greys, "mutes": mutes},
    )
