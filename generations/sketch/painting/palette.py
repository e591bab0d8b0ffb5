"""The colours of an hour in a style. The values are authored; the seed chooses among them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from .arrays import Colour
from .colour import colour, mix, ramp, ramp_of


@dataclass(frozen=True)
class Palette:
    """What the painters dip into; every colour is blue, green, red between 0 and 1."""

    sky: Colour  # a ramp from the zenith to the horizon
    haze: Colour  # what distance turns everything into
    land: Colour  # a ramp from the farthest range to the nearest
    near: Colour
    sun: Colour
    cloud_lit: Colour
    cloud_shade: Colour
    edges: tuple[Colour, ...]  # the light lines of the neon style

    def sky_at(self, height: float) -> Colour:
        """The sky's colour from 0, the zenith, to 1, the horizon."""
        at: Colour = self.sky[round(height * (len(self.sky) - 1))]
        return at


# sky from the zenith down; land from mid to near; sun; clouds in light and in shade
_Row = tuple[tuple[str, ...], tuple[str, str], str, tuple[str, str]]

_FILM: Final[dict[str, tuple[_Row, ...]]] = {
    "dawn": (
        (
            ("#33457a", "#7d86b6", "#d3a3b6", "#f6c3ac", "#ffe2c2", "#fff3da"),
            ("#7f7ba3", "#1d2340"),
            "#fff0cf",
            ("#ffe6d4", "#9a8fb4"),
        ),
        (
            ("#3d5a86", "#86a8bf", "#c9d3cd", "#f2dcb9", "#fdeacb", "#fff6e2"),
            ("#6c8a92", "#152b33"),
            "#fff4d6",
            ("#fff0d8", "#8fa5b0"),
        ),
        (
            ("#45508e", "#908fc6", "#c7b6da", "#efc9d3", "#fbe0d0", "#fff3e2"),
            ("#807fae", "#20213f"),
            "#ffeede",
            ("#ffe6e2", "#a196c0"),
        ),
    ),
    "day": (
        (
            ("#1f62b4", "#4f98da", "#8fc4ec", "#c6e4f4", "#e9f5fa"),
            ("#6f96a0", "#12342b"),
            "#fffbe8",
            ("#ffffff", "#a9bfd2"),
        ),
        (
            ("#3a86b4", "#74b3cf", "#b0d7df", "#dcebe6", "#f4f5ea"),
            ("#7fa193", "#1c3b30"),
            "#fffae0",
            ("#fffdf4", "#afc3c8"),
        ),
    ),
    "dusk": (
        (
            ("#1b1a44", "#4a2f6c", "#a5476f", "#ec7a5b", "#ffbf74", "#ffe4aa"),
            ("#7a3f5f", "#140d20"),
            "#ffe6a8",
            ("#ffb184", "#553360"),
        ),
        (
            ("#0f2c3d", "#2b5966", "#7b8f88", "#e0a27c", "#ffcd94", "#ffeecb"),
            ("#566a6c", "#0b171c"),
            "#fff0c8",
            ("#ffd3a6", "#48606a"),
        ),
        (
            ("#190f30", "#431a42", "#912748", "#da5440", "#f79c57", "#ffd894"),
            ("#702b40", "#10070f"),
            "#ffe0a0",
            ("#ff9a6e", "#4c2040"),
        ),
    ),
    "night": (
        (
            ("#040814", "#0a1733", "#15305a", "#2b4e78", "#557a9a"),
            ("#223f5e", "#03060d"),
            "#eef3ff",
            ("#5a7797", "#12213d"),
        ),
        (
            ("#031014", "#06242e", "#0e434f", "#276770", "#5f958f"),
            ("#1d4a52", "#020a0c"),
            "#f0fff8",
            ("#4f8186", "#0b2a33"),
        ),
        (
            ("#07061a", "#14123a", "#2a2560", "#4d448a", "#8273ad"),
            ("#332c63", "#05040f"),
            "#f6efff",
            ("#6a5f9c", "#1b1740"),
        ),
    ),
}
_WATERCOLOUR: Final[dict[str, tuple[_Row, ...]]] = {
    "dawn": (
        (
            ("#9dbfdd", "#d9cfe0", "#f6cfc0", "#fbe6cd", "#fdf6e6"),
            ("#a8a2c8", "#3f4c80"),
            "#f9b48a",
            ("#fffaf0", "#c3bcd6"),
        ),
    ),
    "day": (
        (
            ("#6fb0dc", "#a9d6ea", "#d9ecea", "#f6f4e2", "#fdf8ea"),
            ("#86ad96", "#28574e"),
            "#f8d56a",
            ("#fffdf6", "#b9cfdc"),
        ),
        (
            ("#7cc0c9", "#b3dcd6", "#e3efdc", "#f8f3dc", "#fdf8ea"),
            ("#94ad7c", "#3b5a3a"),
            "#f8cf5f",
            ("#fffdf6", "#bcd3d0"),
        ),
    ),
    "dusk": (
        (
            ("#7f7ab4", "#c893b6", "#f0a690", "#f8cd98", "#fbeccb"),
            ("#a56a8c", "#48305e"),
            "#ee6f4f",
            ("#fdeedd", "#b48fb8"),
        ),
        (
            ("#5f8aa8", "#a9b7b4", "#f0c49a", "#f7d9a6", "#fcf0d2"),
            ("#8c7f86", "#33405a"),
            "#f0894a",
            ("#fdf1dd", "#a5aebc"),
        ),
    ),
    "night": (
        (
            ("#243a6b", "#46659c", "#86a2c4", "#bccbd6", "#dfe4e0"),
            ("#5a77a4", "#1a2748"),
            "#fdf3d0",
            ("#d6dfe8", "#54719f"),
        ),
    ),
}
_NEON: Final[tuple[_Row, ...]] = (
    (
        ("#05021a", "#180740", "#4d0e74", "#c8248f", "#ff7f63"),
        ("#3a0f66", "#07021a"),
        "#ffd84a",
        ("#c23aa8", "#2a0a55"),
    ),
    (
        ("#020818", "#04204a", "#0b4d86", "#1fa7b8", "#ff7ac0"),
        ("#0c3a70", "#020716"),
        "#ffb84a",
        ("#2a9fc0", "#06244a"),
    ),
    (
        ("#0a0016", "#260548", "#6d0d68", "#f02b6c", "#ffae57"),
        ("#470b58", "#080012"),
        "#ffe05a",
        ("#d83a7c", "#2c0748"),
    ),
)
_NEON_EDGES: Final = (
    ("#ff3fae", "#9a4bff", "#21d8ff", "#ff3fae", "#21f0d0"),
    ("#28e6ff", "#4a8bff", "#ff5ac8", "#28e6ff", "#ffd24a"),
    ("#ff4f6a", "#ff8f3a", "#c04bff", "#ffcf3f", "#ff3fae"),
)
INK_PAPER: Final = "#f0e7d4"
INK_BLACK: Final = "#17161a"
INK_RED: Final = "#b3382b"
_INK_SKIES: Final = {
    "dawn": ("#e9ddc6", "#f0e4cd", "#f2dfc4", "#f2e6d0", "#f1e8d5"),
    "day": ("#e8e0cf", "#eee6d4", "#f0e8d6", "#f1e9d8", "#f1e9d8"),
    "dusk": ("#dccdb4", "#e8d4b4", "#ecd2ae", "#efddc0", "#f0e6d2"),
    "night": ("#8f8f92", "#b0aeab", "#cfc9be", "#e2dacb", "#ebe3d2"),
}


# What grows on the ground, from mid to near, and how much of it each hour lets one see.
_GROUNDS: Final = {
    "meadow": ("#9dbb6c", "#2c5420"),
    "forest": ("#7f9f7a", "#16351f"),
    "mountain": ("#7f9a94", "#173527"),
    "desert": ("#e2b173", "#8c5a35"),
}
_AUTUMN: Final = ("#cf8f4c", "#5a2d18")
_GROUND_SHARE: Final = {"dawn": 0.42, "day": 0.90, "dusk": 0.24, "night": 0.08}


def choose_palette(
    style: str, hour: str, scene: str, rng: np.random.Generator, *, autumn: bool = False
) -> Palette:
    """The palette of an hour in a style; where several are authored, `rng` picks one."""
    if style == "ink":
        return _ink(hour)
    if style == "neon":
        index = int(rng.integers(len(_NEON)))
        edges = tuple(colour(code) for code in _NEON_EDGES[index])
        return _from_row(_NEON[index], edges=edges)
    rows = (_WATERCOLOUR if style == "watercolour" else _FILM)[hour]
    row = rows[int(rng.integers(len(rows)))]
    ground = _AUTUMN if autumn else _GROUNDS.get(scene)
    if ground is None:
        return _from_row(row, edges=())
    return _from_row(row, edges=(), ground=ground, ground_share=_GROUND_SHARE[hour])


def _from_row(
    row: _Row,
    *,
    edges: tuple[Colour, ...],
    ground: tuple[str, str] | None = None,
    ground_share: float = 0.0,
) -> Palette:
    sky_codes, land, sun, (lit, shade) = row
    sky = ramp(sky_codes, steps=512)
    haze: Colour = sky[int(512 * 0.86)]
    mid, near = (colour(code) for code in land)
    if ground is not None:
        mid = mix(mid, colour(ground[0]), ground_share)
        near = mix(near, colour(ground[1]), ground_share)
    return Palette(
        sky=sky,
        haze=haze,
        land=ramp_of([mix(haze, mid, 0.25), mid, near]),
        near=near,
        sun=colour(sun),
        cloud_lit=colour(lit),
        cloud_shade=colour(shade),
        edges=edges,
    )


def _ink(hour: str) -> Palette:
    paper, black = colour(INK_PAPER), colour(INK_BLACK)
    return Palette(
        sky=ramp(_INK_SKIES[hour], steps=512),
        haze=paper,
        land=ramp_of([mix(paper, black, 0.3), mix(paper, black, 0.62), black]),
        near=black,
        sun=colour("#f7f1e2") if hour == "night" else colour(INK_RED),
        cloud_lit=paper,
        cloud_shade=mix(paper, black, 0.22 if hour == "night" else 0.13),
        edges=(),
    )
