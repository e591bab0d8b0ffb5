"""Stretches of land: peaks, hills, dunes and headlands, each with how the light falls on it."""

from dataclasses import dataclass

import cv2
import numpy as np

from .arrays import Field
from .noise import cloud_tile, crest_tile, ridge_line, sample, smoothstep
from .shape import Shape
from .stage import Stage


@dataclass(frozen=True)
class Plan:
    """One stretch of land to be made. `base` and `rise` are in spans; `base` from the horizon."""

    kind: str
    depth: float
    base: float
    rise: float
    nearness: float
    cover: str = ""  # conifers, broadleaf, towers, grass


def raise_land(
    stage: Stage, plan: Plan, rng: np.random.Generator, *, bottom: int, headroom: float
) -> Shape:
    """Form the stretch down to the frame's row `bottom`, with `headroom` pixels above the ridge."""
    width = stage.strip_width
    ridge = _RIDGES[plan.kind](rng, width, width / stage.span)
    if plan.kind == "headland":
        ridge = _with_cape(stage, ridge)
    line = stage.horizon + stage.span * (plan.base - plan.rise * (ridge - 0.3))
    line = line.astype(np.float32)
    top = (
        max(0, int(line.min()) - int(max(headroom, stage.span * _HEADROOM.get(plan.cover, 0.01))))
        & ~1
    )
    bottom = max((bottom + 3) & ~1, top + 4)  # a cut-out shows all its rows but the last
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    below = rows - line[None]
    shape = Shape(
        kind=plan.kind,
        top=top,
        ridge=line,
        opacity=np.clip(below + 0.5, 0, 1),
        relief=np.zeros_like(below),
        nearness=plan.nearness,
    )
    _RELIEFS[plan.kind](stage, shape, below, rng)
    return shape


def _with_cape(stage: Stage, ridge: Field) -> Field:
    """Let the land rise on the side away from the sun and leave the sun's side to the water."""
    x = np.linspace(-0.5, 0.5, ridge.size, dtype=np.float32) * ridge.size / stage.width
    away = -x * sun_side(stage)
    cape = smoothstep(-0.10, 0.34, away + 0.10 * (ridge - 0.5)) * (0.45 + 0.55 * ridge)
    return np.maximum(ridge * 0.30, cape)


_HEADROOM = {"conifers": 0.24, "broadleaf": 0.30, "towers": 0.62, "grass": 0.1}


def _peaks(rng: np.random.Generator, width: int, spans: float) -> Field:
    waves = 1.5 * spans
    ridge = ridge_line(rng, width, waves=waves, octaves=9, gain=0.49, sharp=True)
    swell = ridge_line(rng, width, waves=0.8 * spans, octaves=2, gain=0.5, sharp=False)
    raised: Field = ridge * (0.55 + 0.45 * swell) ** 1.0
    return raised / raised.max()


def _hills(rng: np.random.Generator, width: int, spans: float) -> Field:
    return ridge_line(rng, width, waves=1.0 * spans, octaves=4, gain=0.36, sharp=False)


def _headland(rng: np.random.Generator, width: int, spans: float) -> Field:
    rough = ridge_line(rng, width, waves=2.2 * spans, octaves=8, gain=0.5, sharp=True)
    mass = ridge_line(rng, width, waves=1.1 * spans, octaves=3, gain=0.5, sharp=False)
    return 0.5 * rough + 0.5 * mass


def _dunes(rng: np.random.Generator, width: int, spans: float) -> Field:
    swell = ridge_line(rng, width, waves=1.1 * spans, octaves=2, gain=0.4, sharp=False)
    crest = 1 - np.abs(2 * swell - 1) ** 1.25
    return cv2.GaussianBlur(crest.astype(np.float32)[None], (0, 0), 2)[0]


def _plain(rng: np.random.Generator, width: int, spans: float) -> Field:
    return ridge_line(rng, width, waves=0.6 * spans, octaves=2, gain=0.3, sharp=False)


_RIDGES = {
    "peaks": _peaks,
    "hills": _hills,
    "headland": _headland,
    "dunes": _dunes,
    "plain": _plain,
}


def _rock(stage: Stage, shape: Shape, below: Field, rng: np.random.Generator) -> None:
    """Faces and gullies that follow the ridge down, and snow that holds on to the high ones."""
    span = stage.span
    crest = crest_tile(rng)
    slope_x = cv2.Sobel(crest, cv2.CV_32F, 1, 0)
    slope_y = cv2.Sobel(crest, cv2.CV_32F, 0, 1)
    facing = slope_x * sun_side(stage) * -1.0 - slope_y * 0.35
    facing = cv2.GaussianBlur(facing, (0, 0), 2.2)
    facing = np.tanh(facing / (np.abs(facing).mean() * 1.6)).astype(np.float32)
    along = np.broadcast_to(np.arange(below.shape[1], dtype=np.float32)[None], below.shape)
    scale = 0.50 + 0.35 * (1 - shape.nearness)
    u, v = along / span * scale, below / span * scale * 1.35
    lean = sample(cloud_tile(rng, 256, roughness=3.4), u * 0.4, v * 0.4) * 0.13
    fine = sample(facing, u * 2.6 + lean, v * 2.3)
    shape.relief[:] = np.clip(sample(facing, u + lean, v + lean) * 0.85 + fine * 0.28, -1, 1)
    broad = cv2.GaussianBlur(shape.ridge[None], (0, 0), span * 0.012)[0]
    flank = np.tanh(np.gradient(broad) * 1.6) * sun_side(stage) * -1.0
    fade = np.exp(-np.maximum(below, 0) / (span * 0.14))
    shape.relief += flank[None].astype(np.float32) * fade * 0.55
    snowline = (0.5 if stage.brief.weather == "snow" else 0.11) * span
    if shape.kind == "peaks" and shape.nearness < 0.62:
        high = (np.percentile(shape.ridge, 62) - shape.ridge)[None] / (span * 0.10)
        hold = 1.0 - np.maximum(below, 0) / snowline + np.clip(high, -1.0, 0.6) * 0.45
        shape.snow = smoothstep(0.0, 0.5, hold + shape.relief * 0.30 + fine * 0.10 - 0.25)


def _soil(stage: Stage, shape: Shape, below: Field, rng: np.random.Generator) -> None:
    """Rolling ground: broad light, and a grain that lies flatter the nearer it is."""
    span = stage.span
    along = np.broadcast_to(np.arange(below.shape[1], dtype=np.float32)[None], below.shape)
    broad = sample(
        cloud_tile(rng, 256, roughness=3.6, coarsest=2), along / span * 0.5, below / span
    )
    grain = cloud_tile(rng, 512, roughness=2.2, coarsest=8, stretch=2.5)
    texture = sample(grain, along / span * 1.3, below / span * 3.2)
    shape.relief[:] = np.clip(broad * 0.7 + texture * 0.35, -1, 1)
    shape.relief += (0.5 * np.exp(-np.maximum(below, 0) / (span * 0.03))).astype(np.float32)
    if stage.brief.weather == "snow":
        shape.snow = smoothstep(-0.5, 0.3, shape.relief + 0.35)


def _sand(stage: Stage, shape: Shape, below: Field, rng: np.random.Generator) -> None:
    """A crest runs down each dune: one face in the sun, one turned away, ripples on both."""
    span, width = stage.span, below.shape[1]
    side = sun_side(stage)
    along = np.arange(width, dtype=np.float32)
    deep = np.maximum(below, 0)
    u = np.broadcast_to(along[None] / span, below.shape)
    wander = sample(cloud_tile(rng, 256, roughness=3.8), u * 0.35, deep / span * 0.6)
    face = _lit_faces(-shape.ridge, side, span)
    sheared = along[None] + side * deep * 0.9 + wander * np.minimum(deep, span * 0.2) * 0.9
    face = np.interp(sheared, along, face).astype(np.float32)
    face *= np.exp(-deep / (span * 0.35))
    warp = sample(cloud_tile(rng, 256, roughness=3.2), u * 0.5, deep / span * 0.9)
    ripple = np.sin(deep / span * 150 / (0.5 + deep / span * 3) + warp * 20 + u * 6)
    fine = smoothstep(0.0, 0.1 * span, deep) * 0.12 * ripple * (0.35 + 0.65 * (face > 0))
    shape.relief[:] = np.clip(face + fine + warp * 0.15, -1, 1)


def _lit_faces(height: Field, side: float, span: float) -> Field:
    """Light along a row of dunes: it breaks at each crest and turns gently in each trough."""
    smooth = cv2.GaussianBlur(height.astype(np.float32)[None], (0, 0), span * 0.02)[0]
    rising = np.diff(smooth) > 0
    turns = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    knots: list[float] = []
    light: list[float] = []
    for turn in turns:
        if rising[turn - 1]:  # a crest
            knots += [turn - 1.5, turn + 1.5]
            light += [-0.85 * side, 0.85 * side]
        else:
            knots.append(float(turn))
            light.append(0.05)
    if not knots:
        return np.zeros_like(smooth)
    faces: Field = np.interp(np.arange(smooth.size), knots, light).astype(np.float32)
    return faces


_RELIEFS = {"peaks": _rock, "hills": _soil, "headland": _rock, "dunes": _sand, "plain": _soil}


def sun_side(stage: Stage) -> float:
    """-1 when the light comes from the left, 1 from the right."""
    return 1.0 if stage.sun[0] > stage.width / 2 else -1.0
