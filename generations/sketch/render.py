"""Render one job in a process of its own: `python -m generations.sketch.render <job folder>`.

Prints the number of finished frames, one line each time it grows. The clip appears under its
name when it is whole.
"""

import os
import resource
import sys
from pathlib import Path
from typing import Final

from .jobs import CLIP_FILE, IMAGE_FILE, THUMBNAIL_FILE, Order, read_order
from .lifeline import die_with_parent
from .offer import FRAMES_PER_SECOND, SIZES
from .painting.clip import render_clip
from .painting.reading import Brief, read_prompt

NICENESS: Final = 10
MEMORY_BYTES: Final = 2_000_000_000  # of addresses; a render takes 0.9 GB of them at most
DRAFT_FILE: Final = "clip.part.mp4"


def brief_of(order: Order) -> Brief:
    width, height = SIZES[order.size]
    return read_prompt(
        order.prompt,
        style=order.style,
        seed=order.seed,
        width=width,
        height=height,
        frame_count=order.seconds * FRAMES_PER_SECOND,
        frames_per_second=FRAMES_PER_SECOND,
    )


def render_job(folder: Path) -> None:
    """Render the order in this folder into its clip and thumbnail."""
    image_path = folder / IMAGE_FILE
    draft = folder / DRAFT_FILE
    render_clip(
        brief_of(read_order(folder)),
        draft,
        image_path=image_path if image_path.exists() else None,
        thumbnail_path=folder / THUMBNAIL_FILE,
        on_frame=_report,
    )
    draft.replace(folder / CLIP_FILE)


def _report(done: int) -> None:
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()


def main() -> None:
    die_with_parent()
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    render_job(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
