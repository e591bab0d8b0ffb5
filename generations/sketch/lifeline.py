"""A child that ends with its parent, even when the parent is killed outright."""

import ctypes
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the process that started this one ends (Linux only).

    Elsewhere, and when the parent was gone already, the render ends at its next line of
    progress: nobody reads the pipe any more.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
