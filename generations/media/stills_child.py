"""The process that takes stills out of a clip: `python -m generations.media.stills_child`.

Arguments: the source, the folder for the stills, the parent's process id and the limits as JSON.
It says one line of JSON: the names of the stills, or why there are none. No setting and no key is
in its environment.
"""

import sys
from pathlib import Path
from typing import Any

from generations.media.in_child import answer_confined, or_bad
from generations.media.limits import step_back

WIDTH = 512
QUALITY = 85


def main(source: str, out: str, parent_pid: str, limits: str) -> int:
    step_back()
    return answer_confined(
        lambda: or_bad(lambda: _take(Path(source), Path(out))),
        limits=limits,
        parent_pid=parent_pid,
    )


def _take(source: Path, out: Path) -> dict[str, Any]:
    # Loaded under the limits: they bring in the decoders.
    from generations.media.pictures import find_stills
    from generations.media.probe import open_clip, probe

    clip = probe(source)
    with open_clip(source) as container:
        stills = find_stills(container, clip, width=WIDTH)
    names = [f"still-{number}.jpg" for number in range(len(stills))]
    for name, still in zip(names, stills, strict=True):
        still.save(out / name, "JPEG", quality=QUALITY)
    return {"stills": names}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
