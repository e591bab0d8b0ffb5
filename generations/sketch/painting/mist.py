"""Sheets of mist that lie between stretches of land and drift on their own."""

import numpy as np

from .canvas import Cutout
from .colour import mix
from .layer import Layer
from .noise import cloud_tile, sample, smoothstep
from .stage import Stage


def lay_mist(stage: Stage, *, row: float, depth: float, thickness: float) -> Layer:
    """A sheet about the frame's row, `thickness` from 0 to 1."""
    rng = stage.random(f"mist {row:.0f}")
    height = int(stage.span * 0.20) & ~1
    drift = stage.span * rng.uniform(0.006, 0.014) * (1 if rng.random() < 0.5 else -1)
    width = (stage.strip_width + int(abs(drift) * stage.brief.seconds) + 4) & ~1
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = x / np.float32(stage.span), (y + 0.5) / np.float32(height)
    broad = sample(cloud_tile(rng, 512, roughness=3.0, coarsest=2), across * 0.30, down * 0.13)
    fine = sample(cloud_tile(rng, 512, roughness=2.6, coarsest=5), across * 0.8, down * 0.30)
    band = smoothstep(0.0, 0.55, down) * (1 - smoothstep(0.62, 1.0, down))
    body = smoothstep(-0.45, 0.85, broad + fine * 0.45)
    opacity = (band * body * thickness).astype(np.float32)
    glow = {"night": 0.22, "dusk": 0.12, "dawn": 0.20}.get(stage.brief.hour, 0.1)
    glow = 0.0 if stage.brief.style == "ink" else glow
    light = mix(stage.palette.haze, stage.palette.sun, glow)
    tint = np.broadcast_to(light, (height, width, 3))
    top = int(row - height * 0.55) & ~1
    return Layer(Cutout.of(tint, opacity), top, depth, drift)
