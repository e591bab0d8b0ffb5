"""What the finishing child may use of the machine, and how it takes that on itself."""

import ctypes
import errno
import os
import resource
import signal
import sys
from dataclasses import dataclass

from generations.media.syscalls import give_up_the_world

NICENESS = 10
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_NO_NEW_PRIVS = 38

MACHINE_FAULTS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.ENFILE,
    errno.EMFILE,
    errno.ENOSYS,  # it cannot be confined here
)


@dataclass(frozen=True)
class Limits:
    """The most that finishing one clip may use.

    A second of 4096x4096 in H.264 with 4:4:4 takes 4 CPU seconds and 0.8 GB of addresses, and HEVC
    keeps more frames of twice the size; a second of 1920x1080 takes 2 to 5 CPU seconds and 0.3 GB
    of memory (tests/bench/bench_media.py).
    """

    memory_bytes: int = 3_000_000_000  # of addresses
    cpu_seconds: int = 1500
    wall_seconds: float = 1800
    file_bytes: int = 2_000_000_000
    open_files: int = 128


def step_back() -> None:
    """Let what people wait for go first, from here on."""
    os.nice(NICENESS)


def confine(limits: Limits, *, parent_pid: int) -> None:
    """Bind this process to its limits and to the life of its parent; on Linux without network.

    Only its own threads and the files that this account may open are left to it. Raises OSError
    where the machine cannot hold it so.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for option, value in ((PR_SET_PDEATHSIG, signal.SIGKILL), (PR_SET_NO_NEW_PRIVS, 1)):
            if libc.prctl(option, value, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl failed")
    if os.getppid() != parent_pid:  # it ended before we were bound to it
        sys.exit("the parent is gone")
    if sys.platform == "linux":
        give_up_the_world()
