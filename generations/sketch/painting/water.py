"""Water: what stands above it, mirrored and broken by waves, with the sun glittering on it."""

import cv2
import numpy as np

from .arrays import Field
from .canvas import Canvas
from .colour import YUV_FROM_BGR, mix, yuv
from .noise import cloud_tile, sample, smoothstep
from .stage import Stage, View


class Water:
    """Everything below the shore, made from the canvas above it at half size."""

    def __init__(self, stage: Stage, shore: int) -> None:
        self._stage = stage
        self._shore = shore
        rng = stage.random("water")
        self._long = cloud_tile(rng, 512, roughness=2.6, coarsest=3, stretch=0.5)
        self._short = cloud_tile(rng, 512, roughness=2.2, coarsest=6, stretch=0.5)
        rows, columns = (stage.height - shore) // 2, stage.width // 2
        self._rows, self._columns = rows, columns
        self._deep = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
        self._grid_x = np.broadcast_to(np.arange(columns, dtype=np.float32)[None], (rows, columns))
        self._grid_y = np.broadcast_to(np.arange(rows, dtype=np.float32)[:, None], (rows, columns))
        field_rows, field_columns = max(2, rows // 2), columns // 2
        down = (np.arange(field_rows, dtype=np.float32)[:, None] + 0.5) / field_rows
        across = (np.arange(field_columns, dtype=np.float32)[None] / field_columns - 0.5) * (
            stage.width / stage.span
        )
        away = 1 / (down * (stage.height - shore) / stage.span * 3.4 + 0.075)
        self._u = (across * away * 0.16).astype(np.float32)
        self._v = np.broadcast_to(away * 0.42, self._u.shape).astype(np.float32)
        self._away = away.astype(np.float32)
        calm = {"ink": 0.5, "watercolour": 0.7}.get(stage.brief.style, 1.0)
        self._sway = np.float32(
            stage.span / 1080 * calm * (0.6 if stage.brief.scene == "city" else 1)
        )
        self._body, self._veil = self._body_of_water()
        self._glitter = self._glitter_column()

    def draw(self, canvas: Canvas, view: View) -> None:
        waves, sparkle = self._waves(view)
        veil = np.clip(self._veil + waves * (self._deep * np.float32(0.10)), 0, 0.95)
        light = smoothstep(0.30, 0.95, sparkle + self._glitter * np.float32(0.55)) * self._glitter
        crest = smoothstep(0.45, 1.25, sparkle) * (0.05 + 0.12 * self._deep)
        planes = []
        for plane, mirrored in enumerate(self._mirror(canvas, waves)):
            picture = mirrored + (self._body[plane] - mirrored) * veil
            picture += light * self._sun_weights[plane] + crest * self._sky_weights[plane]
            planes.append(np.clip(picture, 16, 240).astype(np.uint8))
        size = (canvas.width, canvas.height - self._shore)
        cv2.resize(planes[0], size, dst=canvas.y[self._shore :], interpolation=cv2.INTER_LINEAR)
        half = self._shore // 2
        canvas.u[half:], canvas.v[half:] = planes[1], planes[2]

    def _body_of_water(self) -> tuple[Field, Field]:
        stage, palette = self._stage, self._stage.palette
        style = stage.brief.style
        if style == "ink":
            body = yuv(mix(palette.haze, palette.near, 0.05))
            veil = 0.52 + 0.40 * self._deep
            self._sun_weights = YUV_FROM_BGR @ palette.haze * np.float32(0.0)
            self._sky_weights = YUV_FROM_BGR @ palette.near * np.float32(-1.2)
        else:
            light = style == "watercolour"
            body = yuv(mix(palette.sky_at(0.25), palette.near, 0.30 if light else 0.55))
            veil = (0.10 + 0.30 * self._deep) if light else (0.12 + 0.50 * self._deep)
            self._sun_weights = YUV_FROM_BGR @ palette.sun * np.float32(0.85)
            self._sky_weights = YUV_FROM_BGR @ palette.haze
        return body, np.broadcast_to(veil, (self._rows, self._columns)).astype(np.float32)

    def _glitter_column(self) -> Field:
        stage = self._stage
        x = self._grid_x * 2 - stage.sun[0]
        reach = stage.span * (0.045 + 0.26 * self._deep)
        strength = {"night": 0.55, "day": 0.7}.get(stage.brief.hour, 1.0)
        strength *= 0.25 if stage.brief.weather in ("rain", "snow") else 1.0
        strength *= 0.45 if stage.brief.style == "watercolour" else 1.0
        column: Field = np.exp(-((x / reach) ** 2)) * (1.05 - 0.55 * self._deep) * strength
        return column.astype(np.float32)

    def _waves(self, view: View) -> tuple[Field, Field]:
        t = np.float32(view.seconds)
        u = self._u + np.float32(view.shift(0.5) / self._stage.span * 0.16) * self._away
        long = sample(self._long, u + t * 0.016, self._v - t * 0.030)
        short = sample(self._short, u * 2.3 - t * 0.022, self._v * 2.3 + t * 0.045)
        size = (self._columns, self._rows)
        waves = cv2.resize(long * 0.75 + short * 0.45, size, interpolation=cv2.INTER_LINEAR)
        sparkle = cv2.resize(long * 0.45 + short * 0.95, size, interpolation=cv2.INTER_LINEAR)
        return waves, sparkle

    def _mirror(self, canvas: Canvas, waves: Field) -> list[Field]:
        """The Y, U and V of what stands above, upside down, as the waves bend it."""
        rows = min(self._rows, self._shore // 2)
        start = self._shore - 2 * rows
        luma = cv2.resize(
            canvas.y[start : self._shore], (self._columns, rows), interpolation=cv2.INTER_AREA
        )
        half = self._shore // 2
        above = cv2.merge([luma, canvas.u[half - rows : half], canvas.v[half - rows : half]])
        sway = waves * self._sway
        map_x = self._grid_x + sway * (2.5 + 16 * self._deep)
        map_y = (rows - 1) - self._grid_y * np.float32(0.94) - sway * (2 + 14 * self._deep)
        np.clip(map_y, 0, rows - 1, out=map_y)
        bent = cv2.remap(above, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return [plane.astype(np.float32) for plane in cv2.split(bent)]
