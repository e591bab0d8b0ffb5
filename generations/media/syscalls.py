"""Taking from this process what decoding never needs: network, programs, other processes.

A seccomp filter (Linux, Documentation/userspace-api/seccomp_filter.rst), written as the classic BPF
that the kernel runs before each system call. It needs no privilege and no library.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
ABSENT = 0x00050000 | errno.ENOSYS  # the C library then takes the older call
KILL = 0x80000000

LOAD, IF_EQUAL, IF_AT_LEAST, IF_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AT_NUMBER, AT_MACHINE, AT_FIRST_ARGUMENT = 0, 4, 16  # of struct seccomp_data, in bytes
CLONE_THREAD = 0x00010000
X32_CALLS = 0x40000000  # the same calls by other numbers, on x86-64


@dataclass(frozen=True)
class Machine:
    """The numbers of system calls on one kind of machine (its table in the kernel's source)."""

    audit_number: int
    clone: int
    tgkill: int
    refused: Sequence[int]


EVERYWHERE = (
    424,  # pidfd_send_signal
    425,  # io_uring_setup, which opens sockets past this filter
    426,  # io_uring_enter
    427,  # io_uring_register
    434,  # pidfd_open
    438,  # pidfd_getfd
)
CLONE3 = 435  # everywhere
MACHINES = {
    "x86_64": Machine(
        audit_number=0xC000003E,
        clone=56,
        tgkill=234,
        # socket … listen, socketpair, accept4, recvmmsg, sendmmsg
        refused=(
            *(*range(41, 51), 53, 288, 299, 307),
            # fork, vfork, execve, execveat
            *(57, 58, 59, 322),
            # kill, tkill, ptrace, rt_sigqueueinfo, rt_tgsigqueueinfo, process_vm_readv, …_writev
            *(62, 200, 101, 129, 297, 310, 311),
        ),
    ),
    "aarch64": Machine(
        audit_number=0xC00000B7,
        clone=220,
        tgkill=131,
        # socket … recvfrom, sendmsg, recvmsg, accept4, recvmmsg, sendmmsg
        refused=(
            *(*range(198, 208), 211, 212, 242, 243, 269),
            # execve, execveat
            *(221, 281),
            # kill, tkill, ptrace, rt_sigqueueinfo, rt_tgsigqueueinfo, process_vm_readv, …_writev
            *(129, 130, 117, 138, 240, 270, 271),
        ),
    ),
}


def give_up_the_world() -> None:
    """Refuse this process, and what it becomes, all but files, memory and threads of its own.

    A signal goes to itself alone, and a thread is no new process. PR_SET_NO_NEW_PRIVS must be set.
    Raises OSError where the kernel will not, or where the machine is of a kind not known here.
    """
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError(errno.ENOSYS, f"no filter is known for {platform.machine()}")
    program = b"".join(_program(machine, own_pid=os.getpid()))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp failed")


def _program(machine: Machine, *, own_pid: int) -> list[bytes]:
    """Return the filter, an instruction each; a jump counts the instructions that it leaps over."""
    program = [
        _step(LOAD, AT_MACHINE),
        _step(IF_EQUAL, machine.audit_number, then=1),
        _step(RETURN, KILL),
        _step(LOAD, AT_NUMBER),
        _step(IF_AT_LEAST, X32_CALLS, otherwise=1),
        _step(RETURN, REFUSE),
    ]
    for number in (*EVERYWHERE, *machine.refused):
        program += [_step(IF_EQUAL, number, otherwise=1), _step(RETURN, REFUSE)]
    return [
        *program,
        _step(IF_EQUAL, CLONE3, otherwise=1),  # its flags are where no filter looks
        _step(RETURN, ABSENT),
        _step(IF_EQUAL, machine.clone, otherwise=3),
        _step(LOAD, AT_FIRST_ARGUMENT),
        _step(IF_BITS, CLONE_THREAD, then=4),
        _step(RETURN, REFUSE),
        _step(IF_EQUAL, machine.tgkill, otherwise=2),
        _step(LOAD, AT_FIRST_ARGUMENT),
        _step(IF_EQUAL, own_pid, otherwise=1),
        _step(RETURN, ALLOW),
        _step(RETURN, REFUSE),
    ]


def _step(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
