"""How what something costs grows with how much it is given."""

import time
from collections.abc import Callable

FEW, MANY = 4_000, 24_000
MOST = 3 * MANY / FEW  # in step with the amount it is a third of this, with its square twice this


def grows_in_step(act: Callable[[int], object]) -> bool:
    """Tell whether CPU time grows as the amount does, and not as its square."""
    return _cost(act, MANY) < MOST * _cost(act, FEW)


def _cost(act: Callable[[int], object], amount: int) -> float:
    return min(_seconds(act, amount) for _ in range(3))


def _seconds(act: Callable[[int], object], amount: int) -> float:
    began = time.process_time()
    act(amount)
    return time.process_time() - began
