"""Clouds: high ones in perspective over the whole sky, and heaped banks above the horizon."""

import numpy as np

from .arrays import Colour, Field
from .colour import blended, shaded
from .noise import cloud_tile, sample, smoothstep
from .stage import Stage

_COVER = {"rain": -0.35, "snow": -0.22}


class Clouds:
    """Drifting clouds, lit from the sun's side."""

    def __init__(self, stage: Stage, x: Field, y: Field, glow: Field) -> None:
        rng = stage.random("clouds")
        self._stage = stage
        self._glow = glow
        clear = 0.30 if stage.brief.hour == "night" else 0.10
        self._cover = _COVER.get(stage.brief.weather, rng.uniform(clear, clear + 0.16))
        if "aurora" in stage.brief.subjects:
            self._cover = 0.42  # nothing may hide it
        self._bank_cover = rng.uniform(0.0, 0.35)
        self._weight = {"watercolour": 0.8, "ink": 0.42, "neon": 0.55}.get(stage.brief.style, 0.96)
        self._broad = cloud_tile(rng, 512, roughness=3.1, coarsest=2)
        self._fine = cloud_tile(rng, 512, roughness=2.5, coarsest=4)
        self._warp = cloud_tile(rng, 256, roughness=3.5, coarsest=1)
        self._puff = np.abs(cloud_tile(rng, 512, roughness=2.9, coarsest=3))
        span = np.float32(stage.span)
        above = (np.float32(stage.horizon) - y) / span
        self._above = above
        self._x = (x - np.float32(stage.width / 2)) / span
        reach = np.float32(0.20) / np.maximum(above + np.float32(0.07), 0.05)
        self._u, self._v = self._x * reach * 1.05, reach * 1.25
        toward_x = (np.float32(stage.sun[0]) - x) / span
        toward_y = (np.float32(stage.sun[1]) - y) / span
        self._sun_u, self._sun_v = toward_x * 0.040 * reach, -toward_y * 0.055 * reach
        self._fade = smoothstep(0.0, 0.10, above)

    def over(self, picture: Colour, seconds: float) -> Colour:
        t = np.float32(seconds)
        u, v = self._u + t * np.float32(0.009), self._v + t * np.float32(0.003)
        warp = sample(self._warp, u * 0.7, v * 0.7 + t * np.float32(0.003))
        here = self._density(u + warp * 0.09, v + warp * 0.07)
        sunward = self._density(u + warp * 0.09 + self._sun_u, v + warp * 0.07 + self._sun_v)
        cover = smoothstep(self._cover - 0.14, self._cover + 0.46, here)
        opacity = cover * self._fade * self._weight
        light = np.clip(0.50 + 1.25 * (here - sunward) + self._glow * 0.8 - cover * 0.12, 0, 1)
        picture = self._lay(picture, opacity, light)
        if self._stage.brief.style == "ink":
            return picture
        return self._lay(picture, *self._bank(t))

    def _density(self, u: Field, v: Field) -> Field:
        broad = sample(self._broad, u, v)
        fine = sample(self._fine, u * 2.6, v * 2.6)
        density: Field = broad * 0.68 + fine * 0.30
        return density

    def _bank(self, t: np.float32) -> tuple[Field, Field]:
        """Heaps that stand on the haze: round tops, flat feet, light along the upper edge."""
        u, v = self._x * 0.42 + t * np.float32(0.0045), self._above * 0.62
        swell = sample(self._warp, u * 0.55 + 0.31, v * 0.0 + t * np.float32(0.002))
        tops = np.float32(0.16) + swell * 0.17 - np.float32(self._bank_cover * 0.16)

        def thickness(du: float, dv: float) -> Field:
            puffs = sample(self._puff, u * 1.5 + du, v * 1.7 + dv)
            fine = sample(self._puff, u * 4.1 + du * 2.7, v * 4.4 + dv * 2.7)
            heap: Field = tops - self._above + 0.16 * (0.5 - puffs) + 0.055 * (0.4 - fine)
            return heap

        side = 0.020 if self._stage.sun[0] > self._stage.width / 2 else -0.020
        here = thickness(0, 0)
        sunward = thickness(side, 0.022)
        foot = smoothstep(-0.005, 0.075, self._above)
        opacity = smoothstep(0.0, 0.045, here) * foot * self._weight * 0.94
        edge = np.exp(-np.maximum(here, 0) * 16)
        light = np.clip(0.30 + 5.5 * (here - sunward) + 0.42 * edge + self._glow * 0.5, 0, 1)
        return opacity, light

    def _lay(self, picture: Colour, opacity: Field, light: Field) -> Colour:
        palette = self._stage.palette
        return blended(picture, shaded(palette.cloud_shade, palette.cloud_lit, light), opacity)
