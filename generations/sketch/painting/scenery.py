"""The composition of each scene: which stretches of land stand behind which."""

from dataclasses import dataclass

from .land import Plan
from .stage import Stage


@dataclass(frozen=True)
class Composition:
    """Land from the farthest to the nearest; what is in front stands before the water."""

    behind: tuple[Plan, ...]
    before: tuple[Plan, ...] = ()
    mist: float = 0.0  # how thick the sheets of mist between the stretches are


def compose(stage: Stage) -> Composition:
    """Choose the land for the brief's scene. Bases are shares of the ground below the horizon."""
    rng = stage.random("composition")
    scene = _SCENES[stage.brief.scene](stage, float(rng.random()))
    damp = {"rain": 0.35, "snow": 0.35}.get(stage.brief.weather, 0.0)
    damp = 0.9 if stage.brief.is_misty else damp
    mist = 0.0 if stage.brief.style == "neon" else max(scene.mist, damp)
    return Composition(behind=scene.behind, before=scene.before, mist=mist)


def _mountain(stage: Stage, chance: float) -> Composition:
    far = (
        Plan("peaks", 0.03, -0.04, 0.36, 0.10),
        Plan("peaks", 0.12, 0.06, 0.27, 0.30),
        Plan("peaks", 0.26, 0.22, 0.18, 0.50),
    )
    mist = 0.5 if stage.low_sun else 0.25
    if stage.shore is not None:
        bank = Plan("hills", 0.34, 0.10, 0.05, 0.62, "conifers")
        near = Plan("hills", 1.0, 0.98, 0.07, 1.0, "grass" if chance < 0.5 else "conifers")
        return Composition((*far[:2], bank), (near,), mist)
    wood = (
        Plan("hills", 0.52, 0.50, 0.09, 0.72, "conifers"),
        Plan("hills", 1.0, 0.94, 0.08, 1.0, "conifers"),
    )
    return Composition((*far, *wood), mist=mist)


def _forest(stage: Stage, chance: float) -> Composition:
    text = stage.brief.prompt.lower()
    leafy = any(word in text for word in ("autumn", "oak", "maple", "birch", "jungle", "woods"))
    trees = "broadleaf" if leafy else "conifers"
    far = (
        Plan("peaks", 0.03, -0.10, 0.22, 0.08),
        Plan("hills", 0.10, 0.02, 0.10, 0.26, trees),
        Plan("hills", 0.24, 0.16, 0.10, 0.46, trees),
    )
    if stage.shore is not None:
        near = Plan("hills", 1.0, 0.99, 0.05, 1.0, trees)
        return Composition(far, (near,), 0.6)
    near_woods = (
        Plan("hills", 0.50, 0.44, 0.09, 0.70, trees),
        Plan("hills", 1.0, 0.98, 0.07, 1.02, trees),
    )
    return Composition((*far, *near_woods), mist=0.75 if chance < 0.7 else 0.45)


def _meadow(stage: Stage, chance: float) -> Composition:
    far = (
        Plan("peaks" if chance < 0.4 else "hills", 0.04, -0.03, 0.13, 0.12),
        Plan("hills", 0.14, 0.06, 0.09, 0.34, "broadleaf"),
    )
    near = Plan("plain", 1.0, 0.55, 0.06, 0.95, "grass")
    if stage.shore is not None:
        return Composition(far, (Plan("plain", 1.0, 0.98, 0.05, 0.95, "grass"),), 0.3)
    middle = Plan("hills", 0.36, 0.24, 0.10, 0.60, "broadleaf" if chance < 0.7 else "")
    return Composition((*far, middle, near), mist=0.4 if stage.low_sun else 0.1)


def _desert(stage: Stage, chance: float) -> Composition:
    far = (
        Plan("peaks" if chance < 0.5 else "dunes", 0.03, -0.02, 0.09, 0.10),
        Plan("dunes", 0.16, 0.08, 0.14, 0.34),
        Plan("dunes", 0.42, 0.30, 0.19, 0.60),
    )
    if stage.shore is not None:
        return Composition(far[:2], (Plan("dunes", 1.0, 1.0, 0.08, 0.92),), 0.1)
    return Composition((*far, Plan("dunes", 1.0, 0.74, 0.20, 0.92)), mist=0.15)


def _ocean(stage: Stage, chance: float) -> Composition:
    far = Plan("peaks" if chance < 0.35 else "headland", 0.03, 0.0, 0.11, 0.22)
    near = Plan("headland", 0.12, 0.0, 0.17, 0.48)
    return Composition((far, near), mist=0.35 if stage.low_sun else 0.1)


def _city(stage: Stage, chance: float) -> Composition:
    far = (
        Plan("plain", 0.05, 0.0, 0.015, 0.16, "towers"),
        Plan("plain", 0.16, 0.08, 0.015, 0.42, "towers"),
    )
    if stage.shore is not None:
        return Composition((*far, Plan("plain", 0.30, 0.22, 0.01, 0.68, "towers")), mist=0.25)
    near = (
        Plan("plain", 0.38, 0.34, 0.015, 0.70, "towers"),
        Plan("plain", 0.90, 0.86, 0.015, 1.0, "towers"),
    )
    return Composition((*far, *near), mist=0.3)


def _none(stage: Stage, chance: float) -> Composition:
    return Composition(())


_SCENES = {
    "mountain": _mountain,
    "forest": _forest,
    "meadow": _meadow,
    "desert": _desert,
    "ocean": _ocean,
    "city": _city,
    "space": _none,
    "abstract": _none,
}
