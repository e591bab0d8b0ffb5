"""The four manners of painting: each colours the land its way and finishes the frame."""

from ..stage import Stage
from .base import Style
from .film import Film
from .ink import Ink
from .neon import Neon
from .watercolour import Watercolour

_STYLES: dict[str, type[Style]] = {
    "film": Film,
    "watercolour": Watercolour,
    "neon": Neon,
    "ink": Ink,
}


def style_of(stage: Stage) -> Style:
    """The style that the brief names, ready to paint on this stage."""
    return _STYLES[stage.brief.style](stage)
