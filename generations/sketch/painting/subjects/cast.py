"""Who appears: from the words of the brief to actors and fixtures."""

from ..stage import Stage
from ..styles.base import Style
from .balloons import Balloons
from .base import Actor, Fixture
from .birds import Birds
from .boat import Boat
from .lanterns import Lanterns
from .lighthouse import Lighthouse

_FIXTURES: dict[str, type] = {
    "lighthouse": Lighthouse,
}


def fixtures(stage: Stage) -> list[Fixture]:
    """What stands on the land."""
    return [_FIXTURES[name](stage) for name in stage.brief.subjects if name in _FIXTURES]


def actors(stage: Stage, style: Style) -> list[Actor]:
    """What moves before the land."""
    subjects, scene = stage.brief.subjects, stage.brief.scene
    cast: list[Actor] = []
    if scene in ("space", "abstract"):
        return cast
    rng = stage.random("cast")
    if stage.shore is not None and ("boat" in subjects or (scene == "ocean" and not subjects)):
        cast.append(Boat(stage, style, stage.shore))
    if "balloons" in subjects:
        cast.append(Balloons(stage, style))
    if "lanterns" in subjects:
        cast.append(Lanterns(stage))
    unasked = stage.low_sun and scene in ("ocean", "mountain", "meadow") and rng.random() < 0.7
    if "birds" in subjects or (unasked and stage.brief.weather in ("", "mist")):
        cast.append(Birds(stage, style))
    return cast
