"""Knowing a clip again by how it looks: hashes of moments, of the whole picture and of parts of it.

A moment's hash says of 128 low spatial frequencies which are above their median (as pHash does,
Zauner 2010, without those of no change along one side). Coding and scaling hardly touch those.
Cropping shifts them, so each moment of a known clip is hashed in 49 windows, which hold all of the
picture down to 90 % of its width and height, in the middle or at an edge; a crop of it is near one
of them, the same at all moments.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

MOMENTS = 6
SIDE = 64  # pixels of what is transformed
BITS = 128
WORDS = BITS // 64
# The lowest frequencies of the cosine transform that change along both sides, as its indices.
_ACROSS, _DOWN = np.mgrid[1:13, 1:13].reshape(2, -1)
_LOWEST = np.sort(np.argsort(_ACROSS**2 + _DOWN**2, kind="stable")[:BITS])
FREQUENCIES = (_ACROSS[_LOWEST], _DOWN[_LOWEST])
# Begin and end of a window along one side, as parts of it.
SPANS = ((0, 1), (0, 0.95), (0.025, 0.975), (0.05, 1), (0, 0.9), (0.05, 0.95), (0.1, 1))
WINDOWS = len(SPANS) ** 2
PRINTS_BYTES = MOMENTS * WINDOWS * BITS // 8
PLAIN = 6.0  # standard deviation of brightness (0 to 255) under which a picture shows nothing
LEAST_MOMENTS = 3

Grey = NDArray[np.uint8]
Hashes = NDArray[np.uint64]


def hash_windows(picture: Grey) -> Hashes:
    """Return the hash of each window of a grey picture; zeros where it shows nothing."""
    height, width = picture.shape
    if float(picture.std()) < PLAIN:
        return np.zeros((WINDOWS, WORDS), np.uint64)
    windows = [
        picture[_cut(top, height) : _cut(bottom, height), _cut(left, width) : _cut(right, width)]
        for top, bottom in SPANS
        for left, right in SPANS
    ]
    return np.stack([_hash(window) for window in windows])


def pack(moments: list[Hashes]) -> bytes:
    """Return the prints of a clip as they are stored; nothing where it is too plain to be known."""
    prints = np.stack(moments)
    return prints.tobytes() if _shows(prints[None]).sum() >= LEAST_MOMENTS else b""


def distances(asked: bytes, known: list[bytes]) -> NDArray[np.float64]:
    """Return how far the whole of a clip is from each known one: 0 is the same, 0.5 is chance.

    It is the part of all bits that differ in the best window, the same window at all moments.
    Moments that are plain in either do not count; with too few left it is 1.
    """
    whole = _unpack([asked])[0, :, 0]
    others = _unpack(known)
    counts = _shows(others) & _shows(whole[None, :, None])
    differ = np.bitwise_count(others ^ whole[None, :, None]).sum(axis=3, dtype=np.int64)
    in_all = (differ * counts[:, :, None]).sum(axis=1).min(axis=1)
    moments = counts.sum(axis=1)
    parts = in_all / (np.maximum(moments, 1) * BITS)
    return np.where(moments < LEAST_MOMENTS, 1.0, parts)


def _unpack(stored: list[bytes]) -> Hashes:
    """Return the prints of clips, as clip × moment × window × word."""
    return np.frombuffer(b"".join(stored), "<u8").reshape(-1, MOMENTS, WINDOWS, WORDS)


def _shows(prints: Hashes) -> NDArray[np.bool_]:
    """Say of each moment of each clip whether it shows something."""
    return np.asarray(prints[:, :, 0].any(axis=2))


def _hash(window: Grey) -> Hashes:
    small = cv2.resize(window, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[FREQUENCIES]
    return np.packbits(low > np.median(low)).view("<u8")


def _cut(part: float, length: int) -> int:
    return round(part * length)
