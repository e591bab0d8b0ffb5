"""Names for the arrays that painting passes around."""

from typing import Any

from numpy.typing import NDArray

Field = NDArray[Any]
"""Float32 values over a grid: noise, light, opacity between 0 and 1, coordinates."""

Colour = NDArray[Any]
"""Blue, green, red between 0 and 1 (float32): three numbers, or a grid of them."""

Plane = NDArray[Any]
"""One uint8 plane of a picture."""
