"""The strokes that a browser sends: read, bounded and rounded."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from generations.models.note import Stroke

STROKES_MAX = 60
POINTS_MAX = 2000  # in all strokes together
DIGITS = 4  # a tenth of a pixel of a picture that is a thousand wide


class DrawingField(forms.Field):
    """JSON: a list of strokes, each a list of points [x, y] from 0 to 1."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        """What is kept, as JSON; what was sent, as it came."""
        return value if isinstance(value, str) else json.dumps(value or [])

    def to_python(self, value: Any) -> list[Stroke]:
        if not value:
            return []
        try:
            return read_strokes(json.loads(value))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValidationError("This is no drawing that can be kept.") from error


def read_strokes(strokes: Any) -> list[Stroke]:
    """Return the strokes as they are kept. Raises ValueError or TypeError for anything else."""
    if not isinstance(strokes, list) or len(strokes) > STROKES_MAX:
        raise ValueError("too many strokes, or none")
    read = [[_read_point(point) for point in stroke] for stroke in strokes if stroke]
    if sum(map(len, read)) > POINTS_MAX:
        raise ValueError("too many points")
    return read


def _read_point(point: Any) -> list[float]:
    x, y = (round(_read_part(part), DIGITS) for part in point)
    return [x, y]


def _read_part(part: Any) -> float:
    if isinstance(part, bool) or not isinstance(part, int | float):
        raise TypeError("not a number")
    if not 0 <= part <= 1:  # nor is NaN; a whole number may be too large for any float
        raise ValueError("beside the picture")
    return float(part)
