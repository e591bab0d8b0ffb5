"""Paper: what the two painted styles lie on, and how the paint spreads over it."""

import cv2
import numpy as np

from ..arrays import Colour, Plane
from ..canvas import Canvas
from ..colour import yuv
from ..noise import cloud_tile, smoothstep
from ..stage import Stage, View

_SPREAD_SECONDS = 1.7


class Paper:
    """A sheet with tooth, a ragged unpainted border, and a first moment of spreading paint."""

    def __init__(self, stage: Stage, tint: Colour, *, border: float, tooth: float) -> None:
        rng = stage.random("paper")
        width, height = stage.width, stage.height
        fibre = cloud_tile(rng, 1024, roughness=1.1, coarsest=10) * 0.55
        fibre += cloud_tile(rng, 1024, roughness=2.3, coarsest=2) * 0.35
        fibre = np.tile(fibre, (2, 2))[:height, :width]
        self._tooth: Plane = np.clip(250 + fibre * tooth, 0, 255).astype(np.uint8)
        y, u, v = yuv(tint)
        bare = np.full((height, width), round(float(y)), np.uint8)
        self._bare_y = cv2.multiply(bare, self._tooth, scale=1 / 255)
        self._bare_uv = (float(u), float(v))
        wide = np.resize(cloud_tile(rng, 1024, roughness=2.1, coarsest=3), (1024, 1024))
        ragged = cv2.resize(wide[:512, :1024], (width, height), interpolation=cv2.INTER_CUBIC)
        yy, xx = np.mgrid[0:height, 0:width].astype(np.float32)
        inward = np.minimum(np.minimum(xx, width - xx), np.minimum(yy, height - yy)) / stage.span
        self._painted = smoothstep(border - 0.006, border + 0.008, inward + ragged * 0.026)
        if border <= 0:
            self._painted[:] = 1
        focus = np.hypot((xx - stage.sun[0]) * 0.7, yy - height * 0.55) / stage.span
        self._wait = focus + ragged * 0.20
        self._last = float(self._wait.max())
        self._still: tuple[Plane, Plane] | None = None

    def lay(self, canvas: Canvas, view: View) -> None:
        """Show the picture only where paint has reached, with the paper's tooth over all of it."""
        cv2.multiply(canvas.y, self._tooth, dst=canvas.y, scale=1 / 255)
        shown, half = self._shown(view.seconds)
        _fade_to(canvas.y, self._bare_y, shown)
        _fade_to(canvas.u, np.full_like(canvas.u, round(self._bare_uv[0])), half)
        _fade_to(canvas.v, np.full_like(canvas.v, round(self._bare_uv[1])), half)

    def _shown(self, seconds: float) -> tuple[Plane, Plane]:
        if self._still is not None:
            return self._still
        reached = self._last * 1.25 * (0.10 + 0.90 * (seconds / _SPREAD_SECONDS) ** 0.8)
        share = self._painted
        if seconds < _SPREAD_SECONDS:
            share = share * np.clip((reached - self._wait) * 6, 0, 1)
        shown = (share * 255).astype(np.uint8)
        half = cv2.resize(shown, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        if seconds >= _SPREAD_SECONDS:
            self._still = (shown, half)
        return shown, half


def _fade_to(plane: Plane, bare: Plane, shown: Plane) -> None:
    cv2.multiply(plane, shown, dst=plane, scale=1 / 255)
    cv2.add(plane, cv2.multiply(bare, cv2.bitwise_not(shown), scale=1 / 255), dst=plane)
