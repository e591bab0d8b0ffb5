"""The sky: its gradient, the light about the sun, clouds, stars and the aurora.

It changes slowly, so it is painted at a third of the size a few times a second, and the frames
between are faded from one painting to the next.
"""

from typing import Protocol

import cv2
import numpy as np

from .arrays import Colour, Field
from .canvas import Canvas
from .clouds import Clouds
from .colour import colour, yuv
from .noise import cloud_tile, sample, smoothstep
from .stage import Stage, View

_SHRINK = 3
_FRAMES_APART = 6
_BANDING = 0.9  # luma steps of noise that keep wide gradients from showing bands


class Backdrop(Protocol):
    """Whatever fills the whole frame behind the layers."""

    def paint(self, seconds: float) -> Colour:
        """The picture at a moment, at a third of the frame's size."""


class Projector:
    """Shows a backdrop on the canvas, fading between paintings that lie a few frames apart."""

    def __init__(self, stage: Stage, backdrop: Backdrop) -> None:
        self._stage = stage
        self._backdrop = backdrop
        self._paintings: dict[int, tuple[Field, Field]] = {}
        rng = stage.random("banding")
        shape = (stage.height + 64, stage.width + 64)
        self._dither = rng.uniform(-_BANDING, _BANDING, shape).astype(np.float32)

    def show(self, canvas: Canvas, view: View) -> None:
        index, between = divmod(view.frame, _FRAMES_APART)
        share = between / _FRAMES_APART
        luma, chroma = self._painting(index)
        if share:
            next_luma, next_chroma = self._painting(index + 1)
            luma = cv2.addWeighted(luma, 1 - share, next_luma, share, 0)
            chroma = cv2.addWeighted(chroma, 1 - share, next_chroma, share, 0)
        size = (canvas.width, canvas.height)
        x, y = (view.frame * 37) % 64, (view.frame * 23) % 64
        dither = self._dither[y : y + canvas.height, x : x + canvas.width]
        large = cv2.resize(luma, size, interpolation=cv2.INTER_LINEAR)
        cv2.add(large, dither, dst=canvas.y, dtype=cv2.CV_8U)
        half = cv2.resize(chroma, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_LINEAR)
        canvas.u[:], canvas.v[:] = half[..., 0], half[..., 1]

    def _painting(self, index: int) -> tuple[Field, Field]:
        if index not in self._paintings:
            self._paintings = {k: v for k, v in self._paintings.items() if k >= index - 1}
            seconds = index * _FRAMES_APART / self._stage.brief.frames_per_second
            planes = yuv(np.clip(self._backdrop.paint(seconds), 0, 1))
            self._paintings[index] = (
                np.ascontiguousarray(planes[..., 0]),
                np.ascontiguousarray(planes[..., 1:]),
            )
        return self._paintings[index]


def backdrop_grid(stage: Stage) -> tuple[Field, Field]:
    """Pixel coordinates of the frame at the backdrop's resolution: x, then y."""
    rows, columns = stage.height // _SHRINK, stage.width // _SHRINK
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return (x + 0.5) * np.float32(_SHRINK), (y + 0.5) * np.float32(_SHRINK)


class Sky:
    """A sky over land or sea."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._x, self._y = backdrop_grid(stage)
        distance = np.hypot(self._x - stage.sun[0], self._y - stage.sun[1]) / stage.span
        self._glow = self._light_about_the_sun(distance)
        self._clear = self._gradient()
        self._clouds = Clouds(stage, self._x, self._y, self._glow)
        self._aurora = _Aurora(stage, self._x, self._y) if _has_aurora(stage) else None

    def paint(self, seconds: float) -> Colour:
        picture = self._clear
        if self._aurora is not None:
            picture = picture + self._aurora.light(seconds)
        return self._clouds.over(picture, seconds)

    def _light_about_the_sun(self, distance: Field) -> Field:
        strength = {"watercolour": 0.5, "ink": 0.0, "neon": 0.8}.get(self._stage.brief.style, 1.0)
        strength *= {"night": 0.42, "day": 0.6, "dawn": 0.45}.get(self._stage.brief.hour, 1.0)
        strength *= 0.35 if self._stage.brief.weather in ("rain", "snow") else 1.0
        near = np.exp(-distance * 10) * 0.46
        wide = np.exp(-distance * 2.9) * 0.44
        glow: Field = ((near + wide) * strength).astype(np.float32)
        return glow

    def _gradient(self) -> Colour:
        stage = self._stage
        ramp = stage.palette.sky
        height = np.clip(self._y / stage.horizon, 0, 1)
        picture = ramp[(height * (len(ramp) - 1)).astype(int)]
        if stage.brief.weather == "rain" and stage.brief.style == "film":
            grey = picture.mean(axis=(0, 1)) * 0.75 + 0.06
            picture = picture * 0.45 + grey * 0.55
        lit = 1 - (1 - picture) * (1 - self._glow[..., None] * stage.palette.sun * 0.9)
        return lit.astype(np.float32)


class _Aurora:
    """Curtains of light: a bright lower hem, rays that rise from it, green going to violet."""

    def __init__(self, stage: Stage, x: Field, y: Field) -> None:
        rng = stage.random("aurora")
        self._x = x / stage.span
        self._height = (stage.horizon - y) / stage.span
        self._fold = cloud_tile(rng, 256, roughness=3.6, coarsest=1)
        self._rays = cloud_tile(rng, 512, roughness=2.0, coarsest=4)
        self._low = colour("#3dffa0")
        self._high = colour("#9a55ff")
        self._strength = 0.9 if stage.brief.style in ("film", "neon") else 0.35

    def light(self, seconds: float) -> Colour:
        total = np.zeros((*self._x.shape, 3), np.float32)
        for curtain, (base, weight) in enumerate(((0.30, 1.0), (0.44, 0.6))):
            drift = np.float32(seconds * 0.008 + curtain * 0.37)
            still = np.zeros_like(self._x) + np.float32(0.2 + curtain * 0.3 + seconds * 0.009)
            fold = sample(self._fold, self._x * 0.30 + drift, still)
            hem = np.float32(base) + fold * 0.13
            up = self._height - hem
            falling = np.exp(-np.maximum(up, 0) * 4.6) * np.exp(-np.maximum(-up, 0) * 30)
            u = self._x * 0.55 + fold * 0.6 + np.float32(seconds * 0.006)
            rays = 0.25 + 0.95 * smoothstep(-0.35, 0.8, sample(self._rays, u, still * 0.3))
            swell = 0.45 + 0.55 * smoothstep(-0.5, 0.6, sample(self._fold, u * 0.5, still + 0.5))
            light = (falling * rays * swell * weight * self._strength)[..., None]
            violet = np.clip(up * 3.4, 0, 1)[..., None]
            total += light * (self._low * (1 - violet) + self._high * violet)
        return total


def _has_aurora(stage: Stage) -> bool:
    return "aurora" in stage.brief.subjects
