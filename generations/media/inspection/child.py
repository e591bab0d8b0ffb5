"""The process that looks at a file of anybody's: `python -m generations.media.inspection.child`.

Arguments: the source, a folder to work in, the parent's process id, the limits as JSON, and the
roots that are trusted in PEM, or nothing. It says one line of JSON: with roots the credential that
it found; without, by what the clip is known, or why it cannot be decoded. No process does both:
what a hostile clip makes of a decoder shall not speak of credentials. No setting and no key is in
its environment.
"""

import sys
from pathlib import Path
from typing import Any

from generations.media.in_child import answer_confined, or_bad
from generations.media.limits import step_back


def main(source: str, work: str, parent_pid: str, limits: str, roots: str) -> int:
    step_back()  # anybody may send what is looked at, and web itself goes first
    return answer_confined(
        lambda: (
            _read_credential(Path(source), roots) if roots else or_bad(lambda: _look(Path(source)))
        ),
        limits=limits,
        parent_pid=parent_pid,
    )


def _read_credential(source: Path, roots: str) -> dict[str, Any]:
    from generations.media.inspection.reading import read_credential  # under the limits

    return {"credential": read_credential(source, roots)}


def _look(source: Path) -> dict[str, Any]:
    # Loaded under the limits: it brings in the decoders.
    from generations.media.inspection.moments import read_moments

    video_sha256, prints = read_moments(source)
    return {"video_sha256": video_sha256, "prints": prints.hex()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
