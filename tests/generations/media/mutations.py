"""Damaging a sound clip in many ways: `python -m tests.generations.media.mutations 10000 [first]`.

Each damaged file is finished in a process of its own, forked from one that is warm, under the same
limits as in the product, and what passes is compared with the sound clip, frame by frame and sample
by sample. The command prints how they ended, a line of JSON for each odd one with the seed that
makes it again, and fails where one hung. What passes though it is other than it was cannot be told
without the sound clip: H.264 has no checksums, and an index may say something else that is whole.
"""

import json
import os
import random
import select
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from generations.media.bad_media import BadMedia
from generations.media.limits import Limits, confine
from generations.media.renditions import make_renditions
from tests.generations.media.clips import write_clip

# One that computes without end is ended by its CPU time; the clock is for one that sleeps, and is
# long, for a busy machine is no fault of a clip.
LIMITS = Limits(cpu_seconds=10, wall_seconds=600)
EXTREMES = (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"dinf")
VISIBLE = 3.0  # of 255, the mean difference of one frame
ANSWER_BYTES = 65_536


@dataclass(frozen=True)
class Ending:
    """How one file ended, and a word more.

    refused; unchanged: in picture, time and sound; altered: a little; visible: in its pictures;
    other: in size or number of frames; raised or killed: the decoder, as a refusal in the product;
    hung.
    """

    kind: str
    note: str = ""


# --- Ways to damage a file ---


def flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def write_noise(content: bytearray, chance: random.Random) -> None:
    start, size = chance.randrange(len(content)), chance.randint(1, 64)
    content[start : start + size] = chance.randbytes(min(size, len(content) - start))


def write_zeros(content: bytearray, chance: random.Random) -> None:
    start, size = chance.randrange(len(content)), chance.randint(4, 400)
    content[start : start + size] = bytes(min(size, len(content) - start))


def cut_end(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(1, len(content)) :]


def cut_middle(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.randint(1, 1000)]


def repeat_span(content: bytearray, chance: random.Random) -> None:
    start, size = chance.randrange(len(content)), chance.randint(1, 1000)
    content[start:start] = content[start : start + size]


def write_extreme(content: bytearray, chance: random.Random) -> None:
    """Put a number that is rarely right into the index."""
    start = content.index(b"moov")
    place = chance.randrange(start, content.index(b"mdat") - 8)
    content[place : place + 4] = struct.pack(">I", chance.choice(EXTREMES))


def swap_words(content: bytearray, chance: random.Random) -> None:
    start, stop = content.index(b"moov"), content.index(b"mdat")
    one, other = (chance.randrange(start, stop - 4) for _ in range(2))
    first, second = content[one : one + 4], content[other : other + 4]
    content[one : one + 4], content[other : other + 4] = second, first


def drop_box(content: bytearray, chance: random.Random) -> None:
    start, size, above = chance.choice(list(boxes(content)))
    del content[start : start + size]
    _resize(content, above, by=-size)


def double_box(content: bytearray, chance: random.Random) -> None:
    start, size, above = chance.choice(list(boxes(content)))
    content[start:start] = content[start : start + size]
    _resize(content, above, by=size)


def move_box(content: bytearray, chance: random.Random) -> None:
    """Put a copy of a box into another, as its first."""
    found = list(boxes(content))
    start, size, _ = chance.choice(found)
    box = content[start : start + size]
    inner = [one for one in found if bytes(content[one[0] + 4 : one[0] + 8]) in CONTAINERS]
    into, _, above = chance.choice(inner)
    content[into + 8 : into + 8] = box
    _resize(content, [*above, into], by=size)


WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip_bits,
    write_noise,
    write_zeros,
    cut_end,
    cut_middle,
    repeat_span,
    write_extreme,
    swap_words,
    drop_box,
    double_box,
    move_box,
)


def boxes(
    content: bytearray, start: int = 0, stop: int | None = None, above: tuple[int, ...] = ()
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield where each box of a sound file starts, its size, and where those around it start."""
    stop = len(content) if stop is None else stop
    while start + 8 <= stop:
        size, kind = struct.unpack_from(">I4s", content, start)
        yield start, size, above
        if kind in CONTAINERS:
            yield from boxes(content, start + 8, start + size, (*above, start))
        start += size


def _resize(content: bytearray, starts: Any, *, by: int) -> None:
    for start in starts:
        (size,) = struct.unpack_from(">I", content, start)
        struct.pack_into(">I", content, start, size + by)


def mutated(content: bytes, seed: int) -> tuple[str, bytes]:
    """Return the name of a way, each in turn, and the file damaged by it."""
    way, damaged = WAYS[seed % len(WAYS)], bytearray(content)
    way(damaged, random.Random(seed))
    return way.__name__, bytes(damaged)


# --- What becomes of it ---


class Bench:
    """Finishes damaged copies of one clip, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        quality = {"crf": "14", "bf": "2"}
        clip = write_clip(folder / "sound.mp4", frames=24, sound="aac", options=quality, grain=True)
        self.content = clip.read_bytes()
        kind, facts = self._run(lambda: save(folder, clip))
        if kind != "said":
            raise RuntimeError(f"the sound clip cannot be decoded: {facts}")
        self._frames, self._samples = (
            np.load(folder / f"{name}.npy") for name in ("frames", "samples")
        )

    def end_of(self, seed: int) -> tuple[str, Ending]:
        """Damage the clip, finish it and say how that ended."""
        way, damaged = mutated(self.content, seed)
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            source, out = Path(name, "damaged.mp4"), Path(name, "out")
            source.write_bytes(damaged)
            out.mkdir()
            kind, said = self._run(lambda: self._finish(source, out))
        return way, Ending(**said) if kind == "said" else Ending(kind, str(said))

    def _finish(self, source: Path, out: Path) -> dict[str, str]:
        try:
            made = make_renditions(source, out, {}, on_poster=lambda poster: None)
        except BadMedia as bad:
            return {"kind": "refused", "note": bad.kind}
        found = pictures(out / "master.mp4")
        if len(found) != len(self._frames):
            return {"kind": "other", "note": f"{len(found)} frames"}
        if found.shape != self._frames.shape:
            return {"kind": "other", "note": f"pixels {found.shape}"}
        worst = np.abs(found.astype(int) - self._frames).mean(axis=(1, 2)).max()
        if worst > VISIBLE:
            return {"kind": "visible", "note": f"a frame is other by {worst:.1f}"}
        seconds = made[1].duration_seconds
        is_heard = np.array_equal(samples(out / "master.mp4"), self._samples)
        kind = "unchanged" if worst == 0 and seconds == 1.0 and is_heard else "altered"
        sound = "same" if is_heard else "other"
        return {"kind": kind, "note": f"by {worst:.2f}, {seconds} s, {sound} sound"}

    def _run(self, act: Callable[[], dict[str, str]]) -> tuple[str, Any]:
        """Run something in a forked and confined process; return `said` and its answer."""
        read, write = os.pipe()
        parent = os.getpid()
        if not (child := os.fork()):
            _be_the_child(act, write, parent)
        os.close(write)
        try:
            ended = select.select([read], [], [], LIMITS.wall_seconds)[0]
            answer = os.read(read, ANSWER_BYTES) if ended else b""
        finally:
            os.close(read)
            if not ended:
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        if not ended:
            return "hung", f"more than {LIMITS.wall_seconds} s"
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            is_slow = number in (signal.SIGXCPU, signal.SIGKILL)
            return ("hung" if is_slow else "killed"), signal.Signals(number).name
        return ("said", json.loads(answer)) if answer else ("killed", f"exit {status}")


def _be_the_child(act: Callable[[], dict[str, str]], write: int, parent: int) -> None:
    code = 1
    with suppress(BaseException):
        confine(LIMITS, parent_pid=parent)
        try:
            answer = act()
        except Exception as error:
            answer = {"kind": "raised", "note": repr(error)}
        os.write(write, json.dumps(answer).encode())
        code = 0
    os._exit(code)


def pictures(path: Path) -> Any:
    """Return the brightness of every frame of a clip: number, row, column."""
    with av.open(str(path), format="mov", metadata_errors="replace") as file:
        return np.stack([frame.to_ndarray(format="gray") for frame in file.decode(video=0)])


def samples(path: Path) -> Any:
    """Return the sound of a clip: channel, sample; nothing where it has none."""
    with av.open(str(path), format="mov", metadata_errors="replace") as file:
        if not file.streams.audio:
            return np.zeros((0, 0))
        heard = [frame.to_ndarray() for frame in file.decode(audio=0)]
        return np.concatenate(heard, axis=1) if heard else np.zeros((0, 0))


def save(folder: Path, clip: Path) -> dict[str, str]:
    np.save(folder / "frames.npy", pictures(clip))
    np.save(folder / "samples.npy", samples(clip))
    return {}


def main() -> int:
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    ends: Counter[str] = Counter()
    started, before = time.monotonic(), os.times()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        for seed in range(first, first + count):
            way, ending = bench.end_of(seed)
            ends[ending.kind if ending.kind != "refused" else f"refused: {ending.note}"] += 1
            if ending.kind in ("altered", "visible", "other", "raised", "killed", "hung"):
                say({"seed": seed, "way": way, "ended": ending.kind, "note": ending.note})
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user
    say({"files": count, "wall_seconds": round(time.monotonic() - started, 1)})
    say({"cpu_seconds": round(cpu - before.children_system, 1)} | dict(sorted(ends.items())))
    return 1 if ends["hung"] else 0


def say(facts: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
