"""The process that takes stills out of a clip: `python -m generations.media.stills_child`.

Arguments: the source, the folder for the stills, the parent's process id and the limits as JSON.
It says one line of JSON: the names of the stills, or why there are none. No setting and no key is
in its environment.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from generations.media.bad_media import BadMedia
from generations.media.limits import MACHINE_FAULTS, Limits, confine, step_back

WIDTH = 512
QUALITY = 85


def main(source: str, out: str, parent_pid: str, limits: str) -> int:
    try:
        step_back()
        confine(Limits(**json.loads(limits)), parent_pid=int(parent_pid))
        answer = _take(Path(source), Path(out))
    except (ImportError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in MACHINE_FAULTS:
            raise
        sys.stderr.write(f"{error}\n")
        return os.EX_TEMPFAIL
    sys.stdout.write(json.dumps(answer) + "\n")
    return os.EX_OK


def _take(source: Path, out: Path) -> dict[str, Any]:
    try:
        # Loaded under the limits: they bring in the decoders.
        from generations.media.pictures import find_stills
        from generations.media.probe import open_clip, probe

        clip = probe(source)
        with open_clip(source) as container:
            stills = find_stills(container, clip, width=WIDTH)
        names = [f"still-{number}.jpg" for number in range(len(stills))]
        for name, still in zip(names, stills, strict=True):
            still.save(out / name, "JPEG", quality=QUALITY)
    except BadMedia as bad:
        return {"bad": {"kind": bad.kind, "message": bad.message}}
    except MemoryError:
        return {"bad": {"kind": "too_heavy", "message": "Decoding it takes too much memory."}}
    return {"stills": names}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
