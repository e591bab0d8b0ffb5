"""Run a Python module out of sight: `python hidden.py MODULE …` instead of `python -m MODULE …`.

The environment of web and worker holds the providers' credentials (I2), and /proc shows it to every
process of the same account: to a decoder with a hole, say. A process that is not dumpable is closed
to all but root. It costs core dumps, and debuggers and profilers that attach without being root. A
program of its own, as an exec opens a process again; on Linux only.
"""

import ctypes
import runpy
import sys

PR_SET_DUMPABLE = 4  # of prctl(2)


def hide() -> None:
    """Close this process, and those that it forks, to others of its account."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    hide()
    sys.path[0] = ""  # the working folder, as `python -m` has it, in place of this file's
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
