"""The process that touches an untrusted clip: `python -m generations.media.finish_child`.

Arguments: the source, the folder for what is made, the parent's process id, the limits and the
marks as JSON. It says a line of JSON as soon as there is a poster, and one at the end: what it
made, or why the clip is bad. A fault of the machine rather than of the clip ends it with
EX_TEMPFAIL. No setting and no credential is in its environment.
"""

import errno
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.limits import MACHINE_FAULTS, Limits, confine, step_back
from generations.media.marks import Mark


def main(source: str, out: str, parent_pid: str, limits: str, marks: str) -> int:
    try:
        confine(Limits(**json.loads(limits)), parent_pid=int(parent_pid))
        answer = _finish(Path(source), Path(out), json.loads(marks))
    except (ImportError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in MACHINE_FAULTS:
            raise
        sys.stderr.write(f"{error}\n")
        return os.EX_TEMPFAIL
    _say(answer)
    return os.EX_OK


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _say_poster(poster: Any) -> None:
    _say({"poster": asdict(poster)})
    step_back()  # people wait for the poster; the rest takes long


def _finish(source: Path, out: Path, marks: dict[str, Any]) -> dict[str, Any]:
    try:
        # Loaded under the limits: it brings in the decoders.
        from generations.media.renditions import make_renditions

        made = make_renditions(
            source,
            out,
            {kind: Mark(**mark) for kind, mark in marks.items()},
            on_poster=_say_poster,
        )
        return {"made": [asdict(rendered) for rendered in made]}
    except BadMedia as bad:
        return {"bad": {"kind": bad.kind, "message": bad.message}}
    except MemoryError:
        return {"bad": {"kind": "too_heavy", "message": "Decoding it takes too much memory."}}
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return {"bad": {"kind": "too_heavy", "message": "What is made of it is too large."}}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
