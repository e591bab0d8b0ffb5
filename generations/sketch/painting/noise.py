"""Seeded noise: tiles that wrap, ridge lines, and how to sample them."""

import cv2
import numpy as np

from .arrays import Field


def smoothstep(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, an S between them."""
    t = np.clip((value - low) / (high - low), 0, 1)
    eased: Field = t * t * (3 - 2 * t)
    return eased


def cloud_tile(
    rng: np.random.Generator,
    size: int = 512,
    *,
    roughness: float = 3.0,
    coarsest: float = 1.0,
    stretch: float = 1.0,
) -> Field:
    """Fractal noise that wraps on both axes; mean 0, most values between -1 and 1.

    `roughness` is the exponent by which power falls with frequency (less is rougher), `coarsest`
    the lowest frequency in cycles a tile, `stretch` above 1 draws it out horizontally.
    """
    rows = np.fft.fftfreq(size)[:, None] * size
    columns = np.fft.rfftfreq(size)[None] * size * stretch
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = 1
    amplitude = np.where(frequency < coarsest, 0, frequency ** (-roughness / 2))
    phase = rng.random(amplitude.shape) * 2 * np.pi
    tile = np.fft.irfft2(amplitude * np.exp(1j * phase), s=(size, size))
    tile -= tile.mean()
    return (tile / (tile.std() * 2.6)).astype(np.float32)


def crest_tile(rng: np.random.Generator, size: int = 512, *, octaves: int = 5) -> Field:
    """Noise with sharp crests and round valleys, as worn rock has; between 0 and 1."""
    total = np.zeros((size, size), np.float32)
    weight = np.float32(1)
    for octave in range(octaves):
        lowest = 3 * 2**octave
        band = cloud_tile(rng, size, roughness=3.4, coarsest=lowest)
        total += weight * (1 - np.clip(np.abs(band) * 2.2, 0, 1)) ** 2
        weight *= np.float32(0.5)
    total -= total.min()
    crest: Field = total / total.max()
    return crest


def sample(tile: Field, u: Field, v: Field) -> Field:
    """The tile's values at tile coordinates (1 is once across), wrapping around."""
    size = np.float32(tile.shape[0])
    padded = cv2.copyMakeBorder(tile, 0, 2, 0, 2, cv2.BORDER_WRAP)
    values: Field = cv2.remap(padded, _wrapped(u) * size, _wrapped(v) * size, cv2.INTER_LINEAR)
    return values


def _wrapped(share: Field) -> Field:
    """The part after the point: many times faster than a modulo, or than remap's own wrapping."""
    values = np.asarray(share, np.float32)
    part: Field = values - np.floor(values)
    return part


def ridge_line(
    rng: np.random.Generator,
    width: int,
    *,
    waves: float,
    octaves: int,
    gain: float,
    sharp: bool,
) -> Field:
    """A skyline of `width` heights between 0 and 1.

    `waves` counts the largest undulations along it, `gain` is what each finer octave weighs
    against the one before, and `sharp` folds the noise into peaks.
    """
    along = np.arange(width) / width
    total = np.zeros(width)
    weight = 1.0
    for octave in range(octaves):
        reach = along * waves * 2**octave + rng.uniform(0, 1)
        knots = rng.uniform(-1, 1, int(reach[-1]) + 3)
        cell = reach.astype(int)
        t = reach - cell
        t = t * t * (3 - 2 * t)
        curve = knots[cell] * (1 - t) + knots[cell + 1] * t
        total += weight * (1 - 2 * np.abs(curve) if sharp else curve)
        weight *= gain
    total -= total.min()
    return (total / total.max()).astype(np.float32)
