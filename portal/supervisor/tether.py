"""Run a command that ends with its parent: `python tether.py PARENT_PID COMMAND …`.

A program of its own, started without Django: code between fork and exec of a process that has
threads is not safe. The kernel keeps this promise through the exec, on Linux only.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # of prctl(2)

if __name__ == "__main__":
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    os.execvp(command[0], command)  # noqa: S606
