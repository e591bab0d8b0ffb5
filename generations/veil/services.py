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


@dataclass(frozen=True)
class Veils:
    """What one reviewer wants over clips that a check flagged, and over others; None: nothing."""

    flagged: Veil | None
    other: Veil | None

    def over(self, *, is_flagged: bool) -> Veil | None:
        return self.flagged if is_flagged else self.other


def veils_of(reviewer: Artist) -> Veils:
    """The veils that a reviewer chose, or those with which everybody begins."""
    wanted = ReviewerPreferences.objects.of(reviewer)
    hides = wanted.blurs or wanted.greys or wanted.mutes
    does = (wanted.blurs, wanted.greys, wanted.mutes)
    over_all = wanted.veiled == ReviewerPreferences.Veiled.ALL
    over_flagged = over_all or wanted.veiled == ReviewerPreferences.Veiled.FLAGGED
    return Veils(
        flagged=Veil(*does, is_flagged=True) if hides and over_flagged else None,
        other=Veil(*does, is_flagged=False) if hides and over_all else None,
    )


def keep(*, reviewer: Artist, veiled: str, blurs: bool, greys: bool, mutes: bool) -> None:
    """Keep how a reviewer wants to watch."""
    ReviewerPreferences.objects.update_or_create(
        reviewer=reviewer,
        defaults={"veiled": veiled, "blurs": blurs, "greys": greys, "mutes": mutes},
    )
