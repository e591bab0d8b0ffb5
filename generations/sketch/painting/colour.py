"""Colour: hex codes, perceptual mixing in OKLab, and the step to BT.709 YUV."""

from collections.abc import Sequence

import cv2
import numpy as np

from .arrays import Colour, Field

# Björn Ottosson, "A perceptual color space for image processing" (2020).
_LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_RGB_FROM_LMS = np.linalg.inv(_LMS_FROM_RGB)
_LMS_FROM_LAB = np.linalg.inv(_LAB_FROM_LMS)

# ITU-R BT.709, limited range, for rows of (blue, green, red) between 0 and 1.
YUV_FROM_BGR = np.array(
    [
        [0.0722 * 219, 0.7152 * 219, 0.2126 * 219],
        [0.5000 * 224, -0.3854 * 224, -0.1146 * 224],
        [-0.0458 * 224, -0.4542 * 224, 0.5000 * 224],
    ],
    np.float32,
)
YUV_OFFSET = np.array([16, 128, 128], np.float32)


def colour(code: str) -> Colour:
    """`#rrggbb` as blue, green, red between 0 and 1."""
    digits = code.removeprefix("#")
    return np.array([int(digits[i : i + 2], 16) for i in (4, 2, 0)], np.float32) / 255


def to_oklab(bgr: Colour) -> Field:
    linear = np.where(bgr <= 0.04045, bgr / 12.92, ((bgr + 0.055) / 1.055) ** 2.4)
    lab: Field = np.cbrt(linear[..., ::-1] @ _LMS_FROM_RGB.T) @ _LAB_FROM_LMS.T
    return lab


def from_oklab(lab: Field) -> Colour:
    linear = (((lab @ _LMS_FROM_LAB.T) ** 3) @ _RGB_FROM_LMS.T)[..., ::-1]
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded.astype(np.float32)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of `second` in `first`, mixed as the eye sees it."""
    return from_oklab(to_oklab(first) * (1 - share) + to_oklab(second) * share)


def ramp(codes: Sequence[str], *, steps: int = 256) -> Colour:
    """A smooth row of `steps` colours through evenly spaced hex codes."""
    return ramp_of([colour(code) for code in codes], steps=steps)


def ramp_of(colours: Sequence[Colour], *, steps: int = 256) -> Colour:
    at = np.linspace(0, 1, len(colours))
    lab = to_oklab(np.stack(colours))
    grid = np.linspace(0, 1, steps)
    return from_oklab(np.stack([np.interp(grid, at, lab[:, i]) for i in range(3)], axis=-1))


def yuv(bgr: Colour) -> Field:
    """Limited-range Y, U, V (0 to 255, float) of colours between 0 and 1."""
    planes: Field = bgr @ YUV_FROM_BGR.T + YUV_OFFSET
    return planes.astype(np.float32)


def blended(picture: Colour, other: Colour, share: Field) -> Colour:
    """`picture` with a `share` of `other` (one colour or a grid) at each place.

    Three contiguous channels: numpy would take several times as long to stretch the share.
    """
    shares = cv2.merge([np.asarray(share, np.float32)] * 3)
    mixed: Colour = picture + (other - picture) * shares
    return mixed


def shaded(dark: Colour, lit: Colour, light: Field) -> Colour:
    """A grid of colours from `dark`, where the light is 0, to `lit`, where it is 1."""
    channels = [np.asarray(light * (lit[i] - dark[i]) + dark[i], np.float32) for i in range(3)]
    grid: Colour = cv2.merge(channels)
    return grid
