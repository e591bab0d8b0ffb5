"""What grows and what is built on a stretch of land: woods, groves, towers, grass."""

import cv2
import numpy as np

from .arrays import Field
from .colour import colour
from .land import Plan, sun_side
from .shape import Overlay, Shape
from .stage import Stage
from .trees import bare_branch, broadleaf, conifer, no_taller_than


def cover_land(stage: Stage, shape: Shape, plan: Plan, rng: np.random.Generator) -> None:
    """Plant or build on the shape what its plan says."""
    if plan.cover:
        _COVERS[plan.cover](stage, shape, rng)


def _conifers(stage: Stage, shape: Shape, rng: np.random.Generator) -> None:
    near = shape.nearness
    height = stage.span * (0.035 + 0.20 * near**2.2)
    tallest = max(8.0, height * 1.3)
    kinds = [no_taller_than(conifer(rng, sun_side(stage)), tallest) for _ in range(5)]
    for row in range(3):
        x = -height * rng.random()
        while x < shape.ridge.size:
            size = height * rng.uniform(0.5, 1.15) * (0.82 + 0.14 * row)
            foot = _ridge_at(shape, x) + height * (0.06 + 0.20 * row)
            mask, light = kinds[int(rng.integers(len(kinds)))]
            shape.plant(mask, light, x, foot, size)
            gap = rng.uniform(0.14, 0.42) if rng.random() < 0.8 else rng.uniform(0.5, 1.5)
            x += size * gap


def _broadleaf(stage: Stage, shape: Shape, rng: np.random.Generator) -> None:
    paint = bare_branch if stage.brief.weather == "snow" else broadleaf
    height = stage.span * (0.03 + 0.17 * shape.nearness**2)
    tallest = max(8.0, height * 1.3)
    kinds = [no_taller_than(paint(rng, sun_side(stage)), tallest) for _ in range(4)]
    x = height * rng.random()
    while x < shape.ridge.size:
        size = height * rng.uniform(0.6, 1.15)
        foot = _ridge_at(shape, x) + height * rng.uniform(0.05, 0.22)
        mask, light = kinds[int(rng.integers(len(kinds)))]
        shape.plant(mask, light, x, foot, size)
        x += size * (rng.uniform(0.25, 0.6) if rng.random() < 0.62 else rng.uniform(1.2, 4.0))


def _grass(stage: Stage, shape: Shape, rng: np.random.Generator) -> None:
    """Blades along the near edge, with seed heads or flowers among them."""
    tuft_height = 160
    tufts = [_tuft(rng, tuft_height) for _ in range(6)]
    height = stage.span * (0.020 + 0.075 * shape.nearness**2)
    x = 0.0
    while x < shape.ridge.size:
        mask, light = tufts[int(rng.integers(len(tufts)))]
        size = height * rng.uniform(0.5, 1.2)
        shape.plant(mask, light, x, _ridge_at(shape, x) + height * 0.30, size)
        x += size * rng.uniform(0.25, 0.7)
    _flowers(stage, shape, rng, height)


def _flowers(stage: Stage, shape: Shape, rng: np.random.Generator, height: float) -> None:
    if stage.brief.weather == "snow":
        return
    codes = ("#e8503a", "#f2c14e", "#f4efe2", "#c77dd0", "#f08fb0")
    main = stage.brief.accent or codes[int(rng.integers(len(codes)))]
    rows = shape.opacity.shape[0]
    for _ in range(int(420 * shape.ridge.size / stage.span / 1.4)):
        deep = rng.random() ** 1.4
        x = rng.uniform(0, shape.ridge.size - 1)
        y = _ridge_at(shape, x) - shape.top + deep * (rows - 1) * 0.9
        size = max(2.0, height * 0.055 * (0.45 + 1.5 * deep) * rng.uniform(0.6, 1.4))
        petal = main if rng.random() < 0.8 else codes[int(rng.integers(len(codes)))]
        patch = _dot(size)
        shape.overlays.append(
            Overlay(patch, int(x - size), int(y - size), colour(petal) * np.float32(0.95))
        )


def _tuft(rng: np.random.Generator, height: int) -> tuple[Field, Field]:
    width = int(height * 1.2)
    mask = np.zeros((height, width), np.uint8)
    light = np.full((height, width), 100, np.uint8)
    for _ in range(26):
        foot = rng.uniform(0.25, 0.75) * width
        lean = rng.normal(0, 0.22) * height
        tall = height * rng.uniform(0.35, 0.98)
        t = np.linspace(0, 1, 9)
        spine_x = foot + lean * t**2
        spine_y = height - tall * t
        half = (1 - t) * rng.uniform(1.0, 2.4) + 0.25
        left = np.stack([spine_x - half, spine_y], -1)
        right = np.stack([spine_x + half, spine_y], -1)[::-1]
        blade = [np.round(np.vstack([left, right]) * 16).astype(np.int32)]
        cv2.fillPoly(mask, blade, 255, cv2.LINE_AA, 4)
        cv2.fillPoly(light, blade, float(rng.uniform(70, 210)), cv2.LINE_AA, 4)
    return mask.astype(np.float32) / 255, (light.astype(np.float32) - 118) / 118


def _dot(radius: float) -> Field:
    reach = int(radius) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    dot: Field = np.clip(radius - np.hypot(x, y * 1.25) + 0.5, 0, 1).astype(np.float32)
    return dot


def _towers(stage: Stage, shape: Shape, rng: np.random.Generator) -> None:
    """A block of buildings with set-backs, masts and windows that are lit by the hour."""
    span, near = stage.span, shape.nearness
    lit_share = {"night": 0.44, "dusk": 0.34, "dawn": 0.14, "day": 0.03}[stage.brief.hour]
    lit_share = 0.5 if stage.brief.style == "neon" else lit_share
    tall = span * (0.46 - 0.20 * near)
    middle = shape.ridge.size * rng.uniform(0.35, 0.65)
    x = -span * 0.05
    while x < shape.ridge.size:
        width = span * rng.uniform(0.045, 0.11) * (0.75 + 0.65 * near)
        centred = np.exp(-(((x - middle) / (span * 0.75)) ** 2))
        height = tall * rng.uniform(0.30, 0.75) * (0.62 + 0.75 * centred)
        height *= 1.45 if rng.random() < 0.14 else 1.0
        _tower(stage, shape, rng, x, width, height, lit_share)
        x += width + (rng.uniform(0, 0.03) if rng.random() < 0.5 else 0.0) * span


def _tower(
    stage: Stage,
    shape: Shape,
    rng: np.random.Generator,
    x: float,
    width: float,
    height: float,
    lit_share: float,
) -> None:
    foot = _ridge_at(shape, x + width / 2)
    sections = [(x, width, height)]
    if rng.random() < 0.45:
        inset = width * rng.uniform(0.10, 0.24)
        sections.append((x + inset, width - 2 * inset, height * rng.uniform(1.08, 1.28)))
        if rng.random() < 0.4:
            deeper = inset + width * 0.12
            sections.append((x + deeper, width - 2 * deeper, sections[-1][2] * 1.12))
    left, across, tall = sections[-1]
    if rng.random() < 0.3:
        mast = max(1.5, width * 0.03)
        sections.append((left + across / 2 - mast / 2, mast, tall + width * rng.uniform(0.3, 0.9)))
    tone = rng.uniform(-0.3, 0.3)
    for left, across, tall in sections:
        _block(shape, left, foot - tall, across, tone, sun_side(stage))
    for left, across, tall in sections[:2]:
        _windows(stage, shape, rng, (left, foot - tall, across, tall), lit_share)


def _block(shape: Shape, x: float, y: float, width: float, tone: float, side: float) -> None:
    rows, columns = shape.opacity.shape
    x0, x1 = max(0, round(x)), min(columns, round(x + width))
    y0 = max(0, round(y) - shape.top)
    if x0 >= x1 or y0 >= rows:
        return
    shape.opacity[y0:, x0:x1] = 1
    across = np.linspace(-1, 1, x1 - x0, dtype=np.float32)[None] * np.float32(side)
    shape.relief[y0:, x0:x1] = np.clip(0.28 * np.sign(across - 0.25) + tone, -1, 1)
    shape.relief[y0 : y0 + 2, x0:x1] = 0.7
    if shape.growth is None:
        shape.growth = np.zeros_like(shape.opacity)
    shape.growth[y0:, x0:x1] = 1


def _windows(
    stage: Stage,
    shape: Shape,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    lit_share: float,
) -> None:
    x, y, width, height = box
    step_x = max(5, round(stage.span * 0.0085 * (0.6 + 0.6 * shape.nearness)))
    step_y = max(7, round(stage.span * 0.0125 * (0.6 + 0.6 * shape.nearness)))
    columns, rows = int((width - step_x) // step_x), int((height - step_y) // step_y)
    if columns < 1 or rows < 1:
        return
    floor_share = rng.uniform(0.4, 1.5, (rows, 1)) * rng.uniform(0.45, 1.25)
    lit = (rng.random((rows, columns)) < lit_share * floor_share).astype(np.float32)
    lit *= rng.uniform(0.35, 1.0, lit.shape).astype(np.float32)
    cell = np.zeros((step_y, step_x), np.float32)
    cell[step_y // 3 : step_y // 3 + max(2, step_y // 2), 1 : 1 + max(2, step_x * 6 // 10)] = 1
    mask = np.kron(lit, cell) * np.float32(0.45 + 0.55 * shape.nearness)
    warm = ("#ffd58a", "#ffe9bd", "#ffc070", "#cfe4ff")
    bright = ("#29e7ff", "#ff4fc0", "#ffe14a", "#9a6bff")
    palette = bright if stage.brief.style == "neon" else warm
    hue = colour(palette[int(rng.choice(4, p=(0.5, 0.25, 0.15, 0.10)))])
    inset = (width - columns * step_x) / 2
    overlay = Overlay(mask, round(x + inset), round(y) - shape.top + step_y // 2, hue, shines=True)
    shape.overlays.append(overlay)


def _ridge_at(shape: Shape, x: float) -> float:
    return float(shape.ridge[min(shape.ridge.size - 1, max(0, int(x)))])


_COVERS = {
    "conifers": _conifers,
    "broadleaf": _broadleaf,
    "grass": _grass,
    "towers": _towers,
}
