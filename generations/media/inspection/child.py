"""The process that looks at a file of anybody's: `python -m generations.media.inspection.child`.

Arguments: the source, a folder to work in, the parent's process id, the limits as JSON, and the
roots that are trusted in PEM, or nothing. It says one line of JSON: with roots the credential that
it found; without, by what the clip is known, or why it cannot be decoded. No process does both:
what a hostile clip makes of a decoder shall not speak of credentials. No setting and no key is in
its environment.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.limits import MACHINE_FAULTS, Limits, confine, step_back


def main(source: str, work: str, parent_pid: str, limits: str, roots: str) -> int:
    try:
        step_back()  # anybody may send what is looked at, and web itself goes first
        confine(Limits(**json.loads(limits)), parent_pid=int(parent_pid))
        answer = _read_credential(Path(source), roots) if roots else _look(Path(source))
    except (ImportError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in MACHINE_FAULTS:
            raise
        sys.stderr.write(f"{error}\n")
        return os.EX_TEMPFAIL
    sys.stdout.write(json.dumps(answer) + "\n")
    return os.EX_OK


def _read_credential(source: Path, roots: str) -> dict[str, Any]:
    from generations.media.inspection.reading import read_credential  # under the limits

    return {"credential": read_credential(source, roots)}


def _look(source: Path) -> dict[str, Any]:
    try:
        # Loaded under the limits: it brings in the decoders.
        from generations.media.inspection.moments import read_moments

        video_sha256, prints = read_moments(source)
    except BadMedia as bad:
        return {"bad": {"kind": bad.kind, "message": bad.message}}
    except MemoryError:
        return {"bad": {"kind": "too_heavy", "message": "Decoding it takes too much memory."}}
    return {"video_sha256": video_sha256, "prints": prints.hex()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
