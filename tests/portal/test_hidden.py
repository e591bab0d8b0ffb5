"""A process that runs out of sight shows its environment to no other of its account."""

import os
import subprocess
import sys

import pytest

from portal.supervisor import hidden

# Root, too, goes on without capabilities, so that it may do no more than another account:
# PR_CAPBSET_DROP of all, capset(2) of none.
WITHOUT_CAPABILITIES = """
import ctypes, os, sys
libc = ctypes.CDLL(None)
for capability in range(64):
    libc.prctl(24, capability, 0, 0, 0)
libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
READ = "import sys; print('a-credential' in open(f'/proc/{sys.argv[1]}/environ').read())"
SAYS_WHEN_IT_RUNS = ("http.server", "0", "--bind", "127.0.0.1")


def without_capabilities(*arguments: str) -> list[str]:
    return [sys.executable, "-c", WITHOUT_CAPABILITIES, *arguments]


@pytest.mark.skipif(sys.platform != "linux", reason="it is a promise of Linux")
@pytest.mark.parametrize(
    ("how", "answer"), [(["-m"], "True"), ([hidden.__file__], "PermissionError")]
)
def test_nobody_but_root_reads_the_environment_of_what_runs_hidden(how: list[str], answer: str):
    """I2: a decoder with a hole does not find a credential in /proc."""
    with subprocess.Popen(
        without_capabilities(*how, *SAYS_WHEN_IT_RUNS),
        env={**os.environ, "PYTHONUNBUFFERED": "1", "GREENROOM_PROVIDER_LAB_KEY": "a-credential"},
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert "Serving HTTP" in running.stdout.readline()
        looked = subprocess.run(
            without_capabilities("-c", READ, str(running.pid)),
            capture_output=True,
            text=True,
            check=False,
        )
        running.kill()

    assert answer in looked.stdout + looked.stderr


def test_what_runs_hidden_gets_its_arguments_as_any_module_does():
    done = subprocess.run(
        [sys.executable, hidden.__file__, "json.tool", "--compact"],
        input='{"a": 1}',
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == '{"a":1}\n'
