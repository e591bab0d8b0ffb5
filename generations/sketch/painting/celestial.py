"""Sun, moon and stars: what stands in the sky behind the land."""

import cv2
import numpy as np

from .arrays import Field
from .canvas import Canvas, Cutout
from .colour import colour, mix
from .lights import Lights
from .noise import cloud_tile, smoothstep
from .stage import Stage, View

_TWINKLING = 14  # of the brightest stars


class Sun:
    """The sun or, at night, the moon, as a disc painted once in the style's manner."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        radius = stage.sun_radius
        reach = (int(radius * 1.5) + 4) & ~1
        self._reach = reach
        y, x = np.mgrid[-reach:reach, -reach:reach].astype(np.float32) + 0.5
        distance = np.hypot(x, y)
        opacity = np.clip(radius - distance + 0.5, 0, 1)
        tint = np.broadcast_to(stage.palette.sun, (*opacity.shape, 3)).astype(np.float32)
        if stage.brief.style == "neon":
            opacity, tint = _striped(opacity, y / radius, tint)
        elif stage.brief.hour == "night" or "moon" in stage.brief.subjects:
            tint = _cratered(stage, tint, x / radius, y / radius)
        elif stage.brief.style in ("watercolour", "ink"):
            opacity = opacity * _washed(stage, opacity.shape, distance / radius)
        else:
            veil = 0.25 if stage.brief.weather in ("rain", "snow") else 1.0
            opacity = smoothstep(1.45, 0.62, distance / radius) ** 2 * np.float32(veil)
        self._cutout = Cutout.of(tint, opacity.astype(np.float32))

    def draw(self, canvas: Canvas, view: View) -> None:
        x = self._stage.sun[0] - view.shift(0.0) - self._reach
        y = self._stage.sun[1] - self._reach
        self._cutout.over(canvas, x, y)


def _striped(opacity: Field, height: Field, tint: Field) -> tuple[Field, Field]:
    """The horizon sun of a synthesiser's record sleeve: a gradient cut by widening bars."""
    share = np.clip((height + 1) / 2, 0, 1)[..., None]
    graded = tint * (1 - share) + colour("#ff2f8e") * share
    bars = np.clip((height - 0.02) / 0.98, 0, 1)
    wave = np.mod(bars * 6.5, 1)
    gap = (bars > 0) & (wave < 0.16 + 0.42 * bars)
    return opacity * np.where(gap, 0, 1), graded


def _cratered(stage: Stage, tint: Field, x: Field, y: Field) -> Field:
    rng = stage.random("moon")
    tile = cloud_tile(rng, 256, roughness=3.2, coarsest=2)
    seas = cv2.resize(tile, (tint.shape[1], tint.shape[0]), interpolation=cv2.INTER_CUBIC)
    shade = 1 - 0.20 * smoothstep(0.0, 0.5, seas) - 0.16 * np.clip(np.hypot(x, y), 0, 1) ** 3
    return (tint * shade[..., None]).astype(np.float32)


def _washed(stage: Stage, shape: tuple[int, ...], distance: Field) -> Field:
    """Pigment that gathered at the rim and pooled unevenly inside."""
    tile = cloud_tile(stage.random("sun wash"), 256, roughness=2.6, coarsest=2)
    pooled = cv2.resize(tile, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    rim = smoothstep(0.80, 1.0, distance)
    strength = 0.88 if stage.brief.style == "ink" else 0.62
    washed: Field = np.clip(strength + 0.12 * rim + 0.16 * pooled, 0, 1)
    return washed


class Stars:
    """Stars of many magnitudes; a band of them thickens into a milky way; some twinkle."""

    def __init__(self, stage: Stage) -> None:
        rng = stage.random("stars")
        width, height = stage.width, stage.height
        limit = int(min(stage.horizon, height))
        count = int(1500 * width * limit / (1920 * 1080))
        light = np.zeros((height, width), np.float32)
        x, y = rng.random(count) * (width - 6) + 3, rng.random(count) * (limit - 6) + 3
        band = np.abs((y / height - 0.1) - (x / width - 0.2) * 0.55)
        magnitude = rng.random(count) ** 6
        magnitude *= 1 + 0.6 * np.exp(-((band / 0.12) ** 2))
        fade = np.clip((limit - y) / (0.35 * limit), 0, 1)
        np.add.at(light, (y.astype(int), x.astype(int)), (0.20 + 0.9 * magnitude) * fade)
        bright = np.argsort(magnitude * fade)[-int(26 * width / 1920) - 8 :]
        halo = np.zeros_like(light)
        halo[y[bright].astype(int), x[bright].astype(int)] = fade[bright]
        small = cv2.GaussianBlur(light, (0, 0), 0.75) * 2.1
        wide = cv2.GaussianBlur(halo, (0, 0), 2.4) * 11
        points = np.clip(small + wide, 0, 1)
        self._light = (points * 200).astype(np.uint8)[:limit]
        self._twinkling = [
            (float(x[i]), float(y[i]), float(rng.random())) for i in bright[-_TWINKLING:]
        ]
        tint = mix(colour("#ffffff"), stage.palette.sun, 0.3)
        self._twinkles = Lights(width, height, tint, shrink=2)
        if stage.brief.style == "watercolour":
            self._light = (self._light * 0.6).astype(np.uint8)

    def draw(self, canvas: Canvas, view: View) -> None:
        rows = self._light.shape[0]
        cv2.add(canvas.y[:rows], self._light, dst=canvas.y[:rows])
        for x, y, phase in self._twinkling:
            pulse = 0.5 + 0.5 * np.sin(view.seconds * (2.0 + 3 * phase) + phase * 40)
            self._twinkles.add(x, y, 2.6, 0.5 * float(pulse))
        self._twinkles.shine(canvas)
