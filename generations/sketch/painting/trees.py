"""Silhouettes of trees: an opacity and a light for each, painted once and planted many times."""

import cv2
import numpy as np

from .arrays import Field

Silhouette = tuple[Field, Field]
_TALL = 420


def conifer(rng: np.random.Generator, sun_side: float) -> Silhouette:
    """A fir or pine, in skirts of ragged boughs; `sun_side` is -1 left, 1 right."""
    height = _TALL
    width = int(height * rng.uniform(0.38, 0.52))
    mask = np.zeros((height, width), np.uint8)
    light = np.full((height, width), 110, np.uint8)
    middle = width / 2
    cv2.line(mask, (int(middle), 8), (int(middle), height - 1), 255, 5, cv2.LINE_AA)
    skirts = int(rng.integers(15, 21))
    for skirt in range(skirts - 1, -1, -1):
        share = (skirt + 1) / skirts
        reach = middle * (0.06 + 0.92 * share**0.92) * rng.uniform(0.82, 1.06)
        foot = height * (0.06 + 0.88 * share)
        peak = foot - height * (0.075 + 0.045 * share)
        teeth = int(7 + 9 * share)
        edge = []
        for tooth in range(teeth + 1):
            across = tooth / teeth * 2 - 1
            hang = (1 - abs(across)) * height * 0.020
            ragged = rng.uniform(-0.012, 0.026) * height * (1 if tooth % 2 else -0.6)
            droop = abs(across) ** 1.6 * height * 0.012
            edge.append((middle + across * reach, foot + hang * 0.4 + ragged + droop))
        outline = np.array([(middle, peak), *edge], np.float32)
        polygon = [np.round(outline * 16).astype(np.int32)]
        cv2.fillPoly(mask, polygon, 255, cv2.LINE_AA, 4)
        tone = 92 + 66 * (1 - share) + rng.uniform(-12, 12)
        cv2.fillPoly(light, polygon, tone, cv2.LINE_AA, 4)
        lit = [
            (middle, peak),
            *(p for p in edge if (p[0] - middle) * sun_side > -reach * 0.05),
        ]
        if len(lit) > 2:
            raised = np.array(lit, np.float32) - (0, height * 0.012)
            cv2.fillPoly(light, [np.round(raised * 16).astype(np.int32)], tone + 46, cv2.LINE_AA, 4)
    return _field(mask), _light(light)


def no_taller_than(silhouette: Silhouette, height: float) -> Silhouette:
    """The same tree small enough for a distant wood, where hundreds are planted from it."""
    scale = height / silhouette[0].shape[0]
    if scale >= 1:
        return silhouette
    mask, light = (
        cv2.resize(field, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for field in silhouette
    )
    return mask, light


def broadleaf(rng: np.random.Generator, sun_side: float, *, spread: float = 1.0) -> Silhouette:
    """A tree with a crown: boughs that fork, and leaves clustered about their tips."""
    height, width = _TALL, int(_TALL * 1.1)
    mask = np.zeros((height, width), np.uint8)
    light = np.full((height, width), 96, np.uint8)
    tips: list[tuple[float, float, float]] = []
    _grow(rng, mask, tips, (width / 2, height - 1.0), -np.pi / 2, height * 0.26, 15.0, 0, spread)
    crown_top = min(y for _, y, _ in tips)
    crown_low = max(y for _, y, _ in tips)
    leaves: list[tuple[float, float, float, float]] = []
    for x, y, size in tips:
        for _ in range(13):
            angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0, 1) ** 0.6 * size
            px, py = x + np.cos(angle) * away * 1.25, y + np.sin(angle) * away * 0.8
            up = 1 - (py - crown_top) / max(crown_low - crown_top, 1)
            side = (px - width / 2) / width * 2 * sun_side
            leaves.append((py, px, rng.uniform(3.0, 8.5), 82 + 62 * up + 48 * side))
    for py, px, radius, tone in sorted(leaves, reverse=True):
        centre = (round(px * 16), round(py * 16))
        cv2.circle(mask, centre, round(radius * 16), 255, -1, cv2.LINE_AA, 4)
        shade = float(np.clip(tone + rng.uniform(-22, 22), 30, 250))
        cv2.circle(light, centre, round(radius * 16), shade, -1, cv2.LINE_AA, 4)
    return _field(mask), _light(light)


def bare_branch(rng: np.random.Generator, sun_side: float) -> Silhouette:
    """A leafless tree, for winter and ink."""
    height, width = _TALL, int(_TALL * 1.1)
    mask = np.zeros((height, width), np.uint8)
    tips: list[tuple[float, float, float]] = []
    _grow(rng, mask, tips, (width / 2, height - 1.0), -np.pi / 2, height * 0.25, 14.0, -1, 1.1)
    light = np.full((height, width), 110 + 20 * sun_side, np.uint8)
    return _field(mask), _light(light)


def _grow(
    rng: np.random.Generator,
    mask: Field,
    tips: list[tuple[float, float, float]],
    start: tuple[float, float],
    angle: float,
    length: float,
    thickness: float,
    order: int,
    spread: float,
) -> None:
    bend = angle + rng.uniform(-0.16, 0.16)
    end = (start[0] + np.cos(bend) * length, start[1] + np.sin(bend) * length)
    from_point = (round(start[0] * 16), round(start[1] * 16))
    to_point = (round(end[0] * 16), round(end[1] * 16))
    cv2.line(mask, from_point, to_point, 255, max(1, round(thickness)), cv2.LINE_AA, 4)
    if order >= 4:
        tips.append((end[0], end[1], 26.0))
        return
    if order >= 2:
        tips.append((end[0], end[1], 20.0))
    forks = 3 if rng.random() < 0.45 else 2
    for fork in range(forks):
        turn = (fork - (forks - 1) / 2) * rng.uniform(0.45, 0.8) * spread
        reach = length * rng.uniform(0.66, 0.86)
        _grow(rng, mask, tips, end, bend + turn, reach, thickness * 0.62, order + 1, spread)


def _field(mask: Field) -> Field:
    values: Field = mask.astype(np.float32) / 255
    return values


def _light(light: Field) -> Field:
    values: Field = (light.astype(np.float32) - 118) / 118
    return values
