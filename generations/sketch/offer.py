"""What `sketch-1` offers: read here by the rest of the package and by whoever lists the model."""

from typing import Final

MODEL: Final = "sketch-1"
NOTICE: Final = "a procedural sketch, no generative model"
"""Said wherever the model is offered, and written into every clip's metadata."""

FRAMES_PER_SECOND: Final = 24
SIZES: Final[dict[str, tuple[int, int]]] = {
    "720x1280": (720, 1280),
    "1280x720": (1280, 720),
    "1080x1920": (1080, 1920),
    "1920x1080": (1920, 1080),
}
DEFAULT_SIZE: Final = "720x1280"
SECONDS: Final = (4, 5, 8, 10)
DEFAULT_SECONDS: Final = 4
STYLES: Final = ("film", "watercolour", "neon", "ink")
DEFAULT_STYLE: Final = "film"
MAX_SEED: Final = 2**32 - 1
MAX_PROMPT_CHARACTERS: Final = 32_000
MAX_IMAGE_BYTES: Final = 20_000_000
MAX_IMAGE_PIXELS: Final = 50_000_000

REFUSED_WORDS: Final = (
    "beheading",
    "bloodbath",
    "dismemberment",
    "disembowel",
    "entrails",
    "gore",
    "gory",
    "mutilation",
    "torture",
)
"""The published list: a prompt holding one of these words is refused as `moderation_blocked`."""
