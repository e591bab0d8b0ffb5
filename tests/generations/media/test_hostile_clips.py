"""Clips that are broken, disguised or too big: each is refused by a sentence, none does harm."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from generations.media.bad_media import BadMedia
from generations.media.finishing import Limits, finish
from tests.generations.media.clips import write_clip
from tests.generations.media.corpus import (
    SECRET,
    hostile_files,
    with_hole,
)

KINDS = ("not_a_video", "truncated", "corrupt", "unsupported", "out_of_bounds", "too_heavy")
QUICK = Limits(wall_seconds=60, cpu_seconds=30)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("corpus")
    return {path.name: (kind, path) for kind, path in hostile_files(folder)}


@pytest.fixture(scope="session")
def heavy_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound clip that takes some seconds to finish."""
    path = tmp_path_factory.mktemp("heavy") / "clip.mp4"
    return write_clip(path, size=(1280, 720), frames=72, pixel_format="yuv444p")


def test_every_hostile_file_is_refused_with_its_kind_and_a_sentence(corpus, tmp_path):
    for name, (kind, path) in corpus.items():
        refusal = refusal_of(path, out=tmp_path / name)

        assert refusal, f"{name} passed as good"
        assert (name, refusal.kind) == (name, kind)
        assert refusal.message.endswith(".")
        assert len(refusal.message) <= 120
        assert SECRET not in refusal.message


def refusal_of(path: Path, *, out: Path) -> BadMedia | None:
    out.mkdir()
    try:
        finish(path, out, limits=QUICK)
    except BadMedia as refusal:
        return refusal
    return None


def test_a_single_frame_that_is_damaged_is_found(tmp_path, out):
    good = write_clip(tmp_path / "good.mp4", size=(640, 360), frames=48).read_bytes()
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(with_hole(good, at=0.7, size=24))

    with pytest.raises(BadMedia) as refusal:
        finish(damaged, out, limits=QUICK)

    assert refusal.value.kind == "corrupt"


def test_no_mutation_breaks_or_holds_a_decoder_or_passes_with_other_frames():
    """Four files of each way to damage one; `make mutations` runs thousands."""
    command = [sys.executable, "-m", "tests.generations.media.mutations", "44"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)

    *_, ends = map(json.loads, run.stdout.splitlines())
    del ends["cpu_seconds"]
    assert (run.returncode, run.stderr) == (0, "")
    assert sum(ends.values()) == 44
    assert set(ends) - {"unchanged", "altered", "visible"} <= {f"refused: {kind}" for kind in KINDS}


def test_a_clip_that_wants_too_much_memory_is_refused(heavy_clip, out):
    """The decoders load in 210 MB of addresses, and this one needs from 600 on."""
    with pytest.raises(BadMedia) as refusal:
        finish(heavy_clip, out, limits=Limits(memory_bytes=450_000_000))

    assert refusal.value.kind in ("too_heavy", "decoder_failed")


def test_a_clip_that_wants_too_much_computing_time_is_refused(heavy_clip, out):
    with pytest.raises(BadMedia) as refusal:
        finish(heavy_clip, out, limits=Limits(cpu_seconds=1))

    assert refusal.value.kind == "too_heavy"


def test_a_child_that_does_not_end_is_ended(sound_clip, out):
    before = psutil.Process().children()

    with pytest.raises(BadMedia) as refusal:
        finish(sound_clip, out, limits=Limits(wall_seconds=0.05))

    assert refusal.value.kind == "too_heavy"
    assert psutil.Process().children() == before


def test_a_clip_whose_renditions_are_too_large_is_refused(tmp_path, out):
    source = write_clip(tmp_path / "clip.mp4", size=(640, 360), frames=48, options={"crf": "1"})

    with pytest.raises(BadMedia) as refusal:
        finish(source, out, limits=Limits(file_bytes=2_000))

    assert refusal.value.kind == "too_heavy"


@pytest.mark.parametrize("name", ["proxy.mp4", "master.mp4", "poster.webp"])
def test_a_full_disk_is_not_the_fault_of_the_clip(sound_clip, out, name):
    (out / name).symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left"):
        finish(sound_clip, out)


def test_the_child_sees_nothing_of_our_environment(sound_clip, out, monkeypatch):
    """I2: no credential reaches the process that decodes what somebody sends."""
    monkeypatch.setenv("GREENROOM_PROVIDER_SKETCH_KEY", "a credential")
    environments: list[dict[str, str]] = []

    def watch() -> None:
        environments.append(wait_for_child_of(psutil.Process()).environ())

    with ThreadPoolExecutor() as threads:
        watching = threads.submit(watch)
        finish(sound_clip, out)
        watching.result()

    (environment,) = environments
    assert not [name for name in environment if "GREENROOM" in name or "DJANGO" in name]
    assert "a credential" not in environment.values()


def test_a_child_does_not_outlive_a_killed_worker(heavy_clip, out):
    code = (
        "import sys, pathlib; from generations.media.finishing import finish;"
        "finish(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    with psutil.Popen([sys.executable, "-c", code, str(heavy_clip), str(out)]) as worker:
        child = wait_for_child_of(worker)
        worker.kill()

    child.wait(timeout=30)


def wait_for_child_of(parent: psutil.Process) -> psutil.Process:
    """Return the process that decodes, as soon as it runs what it was started for."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in parent.children():
            if "generations.media.finish_child" in child.cmdline():
                return child
        time.sleep(0.01)
    raise AssertionError("no child was started")
