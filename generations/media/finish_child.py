"""The process that touches an untrusted clip: `python -m generations.media.finish_child`.

Arguments: the source, the folder for what is made, the parent's process id, the limits and the
marks as JSON. It says a line of JSON as soon as there is a poster, and one at the end: what it
made, or why the clip is bad. A fault of the machine rather than of the clip ends it with
EX_TEMPFAIL. No setting and no credential is in its environment.
"""

import errno
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.in_child import answer_confined, or_bad, say
from generations.media.limits import step_back
from generations.media.marks import Mark


def main(source: str, out: str, parent_pid: str, limits: str, marks: str) -> int:
    return answer_confined(
        lambda: or_bad(lambda: _finish(Path(source), Path(out), json.loads(marks))),
        limits=limits,
        parent_pid=parent_pid,
    )


def _finish(source: Path, out: Path, marks: dict[str, Any]) -> dict[str, Any]:
    # Loaded under the limits: it brings in the decoders.
    from generations.media.renditions import make_renditions

    try:
        made = make_renditions(
            source,
            out,
            {kind: Mark(**mark) for kind, mark in marks.items()},
            on_poster=_say_poster,
        )
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise BadMedia("too_heavy", "What is made of it is too large.") from error
    return {"made": [asdict(rendered) for rendered in made]}


def _say_poster(poster: Any) -> None:
    say({"poster": asdict(poster)})
    step_back()  # people wait for the poster; the rest takes long


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
