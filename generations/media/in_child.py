"""What the processes that touch an untrusted clip have in common; confined.py is their parent."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.limits import MACHINE_FAULTS, Limits, confine

Answer = dict[str, Any]


def answer_confined(work: Callable[[], Answer], *, limits: str, parent_pid: str) -> int:
    """Do the work under the limits and say what came of it; return the exit code.

    A fault of the machine rather than of the clip is said to the log, with EX_TEMPFAIL.
    """
    try:
        confine(Limits(**json.loads(limits)), parent_pid=int(parent_pid))
        answer = work()
    except (ImportError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in MACHINE_FAULTS:
            raise
        sys.stderr.write(f"{error}\n")
        return os.EX_TEMPFAIL
    say(answer)
    return os.EX_OK


def or_bad(work: Callable[[], Answer]) -> Answer:
    """Return what the work makes of a clip, or in what way the clip is bad."""
    try:
        return work()
    except BadMedia as bad:
        return {"bad": {"kind": bad.kind, "message": bad.message}}
    except MemoryError:
        return {"bad": {"kind": "too_heavy", "message": "Decoding it takes too much memory."}}


def say(answer: Answer) -> None:
    """Say one line of JSON to the parent."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
