"""The stage: where the horizon lies, where the sun stands, and how the camera moves."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .palette import Palette, choose_palette
from .reading import Brief

_HORIZONS: Final = {
    "mountain": 0.66,
    "forest": 0.68,
    "meadow": 0.60,
    "desert": 0.60,
    "ocean": 0.58,
    "city": 0.78,
    "space": 1.0,
    "abstract": 1.0,
}
_SHORES: Final = {"mountain": 0.74, "forest": 0.76, "city": 0.76, "meadow": 0.72, "desert": 0.74}
_WATER_WORDS: Final = (
    "lake",
    "river",
    "water",
    "sea",
    "ocean",
    "fjord",
    "harbour",
    "harbor",
    "bay",
)


@dataclass(frozen=True)
class Stage:
    """What every painter needs to know about the picture as a whole; lengths are in pixels."""

    brief: Brief
    palette: Palette
    width: int
    height: int
    span: float  # the unit for the size of things: equal in a frame and in that frame upright
    horizon: float
    shore: float | None  # where water begins
    sun: tuple[float, float]
    sun_radius: float

    @property
    def strip_width(self) -> int:
        """How wide a painted layer must be for the camera to pass along it."""
        return (int(self.width + self.travel) + 10) & ~1

    @property
    def travel(self) -> float:
        """How far the nearest layer moves across the frame over the clip."""
        return self.width * 0.034 * self.brief.seconds * abs(self.brief.pan)

    @property
    def is_dark(self) -> bool:
        return self.brief.hour == "night" or self.brief.style == "neon"

    @property
    def low_sun(self) -> bool:
        return self.brief.hour in ("dawn", "dusk")

    def random(self, purpose: str) -> np.random.Generator:
        return self.brief.random(purpose)


@dataclass(frozen=True)
class View:
    """What the camera sees at one moment."""

    frame: int
    seconds: float
    share: float  # of the clip, from 0 to 1
    pan: float  # pixels by which a layer at depth 1 has moved to the left

    def shift(self, depth: float) -> float:
        """Pixels by which a layer has moved to the left: distant ones move least."""
        return self.pan * (0.08 + 0.92 * depth)


def set_stage(brief: Brief) -> Stage:
    rng = brief.random("stage")
    width, height = brief.width, brief.height
    palette = choose_palette(
        brief.style,
        brief.hour,
        brief.scene,
        brief.random("palette"),
        autumn="autumn" in brief.prompt.lower(),
    )
    horizon = _HORIZONS[brief.scene]
    shore = _SHORES.get(brief.scene) if _has_water(brief) else None
    if brief.scene == "ocean":
        shore = horizon
    elif shore is not None:
        horizon = shore - 0.06
    left = rng.random() < 0.5
    sun_x = rng.uniform(0.26, 0.40) if left else rng.uniform(0.60, 0.74)
    low = brief.hour in ("dawn", "dusk") or brief.style == "neon"
    above = rng.uniform(0.14, 0.24) if low else rng.uniform(0.36, 0.46)
    span = 0.75 * float(np.sqrt(width * height))
    return Stage(
        brief=brief,
        palette=palette,
        width=width,
        height=height,
        span=span,
        horizon=horizon * height,
        shore=None if shore is None else float(int(shore * height) & ~1),
        sun=(sun_x * width, max(horizon * height - above * span * 1.1, 0.14 * height)),
        sun_radius=span * _sun_share(brief),
    )


def look(stage: Stage, frame: int) -> View:
    """The camera's place at a frame: it starts and ends gently and passes evenly between."""
    last = max(1, stage.brief.frame_count - 1)
    share = frame / last
    eased = 0.5 * share + 0.5 * share * share * (3 - 2 * share)
    way = 1.0 if stage.brief.pan >= 0 else -1.0
    pan = way * stage.travel * (eased - 0.5)
    return View(frame, frame / stage.brief.frames_per_second, share, pan)


def _has_water(brief: Brief) -> bool:
    text = brief.prompt.lower()
    wet_street = brief.scene == "city" and brief.weather == "rain"
    return wet_street or any(word in text.split() for word in _WATER_WORDS) or "boat" in text


def _sun_share(brief: Brief) -> float:
    if brief.style == "neon":
        return 0.19
    if brief.style == "ink":
        return 0.075
    return {"dawn": 0.052, "dusk": 0.058, "day": 0.04, "night": 0.047}[brief.hour]
