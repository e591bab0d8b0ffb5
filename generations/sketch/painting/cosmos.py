"""Space and abstraction: flowing fields of colour, and a planet that turns."""

import numpy as np

from .arrays import Colour, Field
from .canvas import Canvas, Cutout
from .colour import colour, mix, ramp, ramp_of
from .noise import cloud_tile, sample, smoothstep
from .sky import backdrop_grid
from .stage import Stage, View

_RAMPS = {
    "film": (
        ("#03050e", "#0a2747", "#1d7587", "#efa45c", "#fff0d2"),
        ("#050312", "#331058", "#a82d6c", "#ff8d60", "#ffe8ba"),
        ("#050716", "#1f2f69", "#6658c6", "#f08ab6", "#fff0e8"),
        ("#020c12", "#0b3f58", "#2e8fa6", "#b9dcc8", "#fff7e0"),
        ("#0c0508", "#4a1420", "#b3413a", "#f0a35e", "#fff0cc"),
    ),
    "watercolour": (
        ("#f9f3e5", "#c3d7dd", "#7ba0bf", "#c68ba0", "#4a5985"),
        ("#faf4e6", "#f2d0a8", "#dd8a78", "#7698a5", "#3c5474"),
        ("#f9f4e8", "#d9e3c0", "#8fb596", "#5a8f9a", "#3a4f78"),
    ),
    "neon": (
        ("#05010f", "#2a0a66", "#d0189a", "#27e0ff", "#f4ffff"),
        ("#020816", "#063a78", "#1fc8d8", "#ff5ac8", "#fff4ff"),
    ),
    "ink": (("#f1e8d6", "#e4dac7", "#a9a39a", "#55524f", "#17161a"),),
}


class Cosmos:
    """Two layers of warped noise, coloured by a ramp; calm enough to look at for ten seconds."""

    def __init__(self, stage: Stage) -> None:
        rng = stage.random("cosmos")
        x, y = backdrop_grid(stage)
        self._x = (x - stage.width / 2) / np.float32(stage.span)
        self._y = (y - stage.height / 2) / np.float32(stage.span)
        self._slow = cloud_tile(rng, 512, roughness=4.1, coarsest=1)
        self._middle = cloud_tile(rng, 512, roughness=3.6, coarsest=2)
        self._fine = cloud_tile(rng, 512, roughness=3.0, coarsest=3)
        self._deep_space = stage.brief.scene == "space"
        self._on_paper = stage.brief.style in ("watercolour", "ink")
        self.ramp = _ramp(stage, rng)
        corner = np.hypot(self._x / self._x.max() * 0.62, self._y / self._y.max() * 0.5)
        self._dim = (1 - 0.4 * smoothstep(0.35, 0.85, corner))[..., None].astype(np.float32)

    def paint(self, seconds: float) -> Colour:
        t = np.float32(seconds)
        nearer = 1 / (1 + np.float32(0.016) * t)
        u, v = self._x * 0.36 * nearer, self._y * 0.36 * nearer
        first = sample(self._slow, u + t * 0.006, v + 0.1)
        second = sample(self._slow, u + 0.5, v - t * 0.007)
        bent = sample(self._middle, u * 0.9 + first * 0.22 + t * 0.008, v * 0.9 + second * 0.22)
        twice = sample(self._middle, u * 0.8 + bent * 0.2 + 0.3, v * 0.8 + first * 0.24 - t * 0.009)
        thread = sample(self._fine, u + twice * 0.2, v + bent * 0.2 + t * 0.006)
        level = smoothstep(-0.95, 1.05, twice * 0.85 + thread * 0.4 + bent * 0.15)
        if self._deep_space and not self._on_paper:
            level = level**2.1 * 0.92
        if self._deep_space and self._on_paper:
            level = level * 0.8
        last = len(self.ramp) - 1
        picture: Colour = self.ramp[np.clip(level * last, 0, last).astype(int)]
        sheen = np.clip(
            smoothstep(-0.15, 0.95, bent * 0.9 - thread * 0.35) * level * 1.1 - 0.2, 0, 1
        )
        sheen = (sheen**2)[..., None]
        if self._on_paper:
            return (picture * (1 - 0.2 * sheen)).astype(np.float32)
        lit = 1 - (1 - picture) * (1 - sheen * 0.5 * self.ramp[int(last * 0.78)])
        return (lit * self._dim).astype(np.float32)


def _ramp(stage: Stage, rng: np.random.Generator) -> Colour:
    rows = _RAMPS[stage.brief.style]
    codes = rows[int(rng.integers(len(rows)))]
    accent = stage.brief.accent
    if accent is None or stage.brief.style == "ink":
        return ramp(codes, steps=512)
    stops = [colour(code) for code in codes]
    stops[1], stops[2] = mix(stops[1], colour(accent), 0.45), mix(stops[2], colour(accent), 0.75)
    return ramp_of(stops, steps=512)


class Planet:
    """A banded world, half in shadow, with a bright rim of air; a ring about some."""

    def __init__(self, stage: Stage, tints: Colour) -> None:
        rng = stage.random("planet")
        self._stage = stage
        self._radius = stage.span * rng.uniform(0.24, 0.31)
        left = stage.sun[0] > stage.width / 2
        self._centre = (stage.width * (0.36 if left else 0.64), stage.height * 0.54)
        self._ringed = bool(rng.random() < 0.55)
        self._cutout = self._paint(rng, tints, light_side=1.0 if left else -1.0)

    def draw(self, canvas: Canvas, view: View) -> None:
        rows, columns = self._cutout.y.shape
        x = self._centre[0] - columns / 2 - view.shift(0.25)
        self._cutout.over(canvas, x, self._centre[1] - rows / 2 - view.seconds * 1.5)

    def _paint(self, rng: np.random.Generator, tints: Colour, *, light_side: float) -> Cutout:
        radius = self._radius
        reach = int(radius * 2.0) & ~1
        y, x = (np.mgrid[-reach:reach, -reach:reach].astype(np.float32) + 0.5) / radius
        tilt = 0.32
        along, across = x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)
        distance = np.hypot(x, y)
        depth = np.sqrt(np.clip(1 - distance**2, 0, 1))
        sunlight = np.clip(x * 0.74 * light_side - y * 0.42 + depth * 0.50, 0, 1)
        warp = sample(cloud_tile(rng, 512, roughness=3.2, coarsest=2), along * 0.16, across * 0.4)
        bands = sample(
            cloud_tile(rng, 512, roughness=3.4, coarsest=3, stretch=0.16),
            along * 0.10 + warp * 0.06,
            across * 0.32 + warp * 0.03,
        )
        level = np.clip(0.48 + 0.36 * bands + 0.10 * across, 0.05, 0.98)
        surface = tints[(level * (len(tints) - 1)).astype(int)]
        if self._stage.brief.style in ("watercolour", "ink"):
            shade = 0.35 + 0.75 * sunlight[..., None]
        else:
            shade = 0.012 + 1.12 * sunlight[..., None] ** 0.85
        opacity = np.clip((1 - distance) * radius + 0.5, 0, 1)
        picture = np.clip(surface * shade, 0, 1)
        air = np.exp(-np.abs(distance - 1) * 20) * np.clip(sunlight + 0.25 * (distance > 1), 0, 1)
        air *= np.clip(0.35 + x * 0.74 * light_side - y * 0.42, 0, 1)
        halo = np.clip(air * 0.85, 0, 1) * (1 - opacity)
        rim = tints[int(len(tints) * 0.72)]
        picture = picture * opacity[..., None] + rim * (1 - opacity[..., None])
        picture = 1 - (1 - picture) * (1 - (air * opacity)[..., None] * rim * 0.6)
        opacity = np.maximum(opacity, halo)
        if self._ringed:
            picture, opacity = self._ring(picture, opacity, along, across, depth, tints, rng)
        return Cutout.of(picture.astype(np.float32), opacity.astype(np.float32))

    def _ring(
        self,
        picture: Colour,
        opacity: Field,
        along: Field,
        across: Field,
        depth: Field,
        tints: Colour,
        rng: np.random.Generator,
    ) -> tuple[Colour, Field]:
        reach = np.hypot(along, across / 0.20)
        grooves = sample(cloud_tile(rng, 512, roughness=1.8, coarsest=6), reach * 0.5, reach * 0)
        body = smoothstep(1.28, 1.34, reach) * (1 - smoothstep(1.84, 1.92, reach))
        body *= np.clip(0.55 + 0.55 * grooves, 0.08, 0.92)
        behind = (across < 0) & (depth > 0)
        share = np.where(behind, 0, body)[..., None]
        tint = mix(tints[int(len(tints) * 0.7)], tints[-1], 0.4)
        return picture * (1 - share) + tint * share, np.maximum(opacity, share[..., 0])
