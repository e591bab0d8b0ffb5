"""Who appears: from the words of the brief to actors and fixtures."""

from collections.abc import Callable

from ..stage import Stage
from ..styles.base import Style
from .balloons import Balloons
from .base import Actor, Fixture
from .birds import Birds
from .boat import Boat
from .cabin import Cabin
from .castle import Castle
from .deer import Deer
from .lanterns import Lanterns
from .lighthouse import Lighthouse
from .lone_tree import LoneTree
from .pagoda import Pagoda
from .train import Train
from .traveller import Traveller
from .windmill import Windmill

_FIXTURES: dict[str, Callable[[Stage], Fixture]] = {
    "cabin": Cabin,
    "castle": Castle,
    "deer": Deer,
    "lighthouse": Lighthouse,
    "lone_tree": LoneTree,
    "pagoda": Pagoda,
    "train": Train,
    "traveller": Traveller,
    "windmill": Windmill,
}


def fixtures(stage: Stage) -> list[Fixture]:
    """What stands on the land."""
    return [_FIXTURES[name](stage) for name in stage.brief.subjects if name in _FIXTURES]


def airborne(stage: Stage, style: Style) -> list[Actor]:
    """What moves through the air; water mirrors it."""
    subjects, scene = stage.brief.subjects, stage.brief.scene
    cast: list[Actor] = []
    if scene in ("space", "abstract"):
        return cast
    if "balloons" in subjects:
        cast.append(Balloons(stage, style))
    if "lanterns" in subjects:
        cast.append(Lanterns(stage))
    unasked = stage.low_sun and scene in ("ocean", "mountain", "meadow")
    unasked = unasked and not stage.brief.weather and stage.random("cast").random() < 0.7
    if "birds" in subjects or unasked:
        cast.append(Birds(stage, style))
    return cast


def afloat(stage: Stage, style: Style) -> list[Actor]:
    """What lies on the water, if there is any."""
    subjects = stage.brief.subjects
    asked = "boat" in subjects or (stage.brief.scene == "ocean" and not subjects)
    if stage.shore is None or not asked:
        return []
    return [Boat(stage, style, stage.shore)]
