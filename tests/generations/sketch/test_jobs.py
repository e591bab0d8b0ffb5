"""Jobs on disk: what a restart finds, and what a day takes away."""

import datetime
import json

import pytest
import time_machine

from generations.sketch.jobs import Job, JobStore, Order, Status

ORDER = Order(model="sketch-1", prompt="hills", size="1280x720", seconds=4, style="film", seed=0)


@pytest.fixture
def store(tmp_path):
    store = JobStore(tmp_path)
    store.load()
    return store


def reopened(store: JobStore) -> tuple[JobStore, list[Job]]:
    again = JobStore(store.home)
    return again, again.load()


def test_unfinished_jobs_are_queued_again_in_their_order(store):
    jobs = [store.add(ORDER, image=None) for _ in range(4)]
    store.save(jobs[1].completed())

    _, waiting = reopened(store)

    assert [job.id for job in waiting] == [jobs[0].id, jobs[2].id, jobs[3].id]


def test_a_half_written_clip_is_thrown_away(store):
    job = store.add(ORDER, image=b"png")
    for name in ("clip.part.mp4", "clip.mp4"):
        (store.folder(job.id) / name).write_bytes(b"half")

    reopened(store)

    assert sorted(path.name for path in store.folder(job.id).iterdir()) == ["first.png", "job.json"]


def test_a_job_file_that_cannot_be_read_leaves_the_others_alone(store, caplog):
    broken, whole = store.add(ORDER, image=None), store.add(ORDER, image=None)
    (store.folder(broken.id) / "job.json").write_text("{")

    again, waiting = reopened(store)

    assert [job.id for job in waiting] == [whole.id]
    assert again.get(broken.id) is None
    assert broken.id in caplog.text


def test_a_finished_job_is_gone_after_a_day(store, time_machine_day_later):
    ended = store.add(ORDER, image=None).completed()
    store.save(ended)

    with time_machine_day_later:
        assert store.get(ended.id) is None
        assert store.newest_first() == []
        store.remove_expired()

    assert not store.folder(ended.id).exists()


def test_the_file_never_holds_progress_that_a_restart_would_take_back(store):
    job = store.add(ORDER, image=None)
    store.note_progress(Job(**{**vars(job), "progress": 40, "status": Status.IN_PROGRESS}))

    stored = json.loads((store.folder(job.id) / "job.json").read_text())

    assert store.newest_first()[0].progress == 40
    assert (stored["progress"], stored["status"]) == (0, "queued")


@pytest.fixture
def time_machine_day_later():
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=24, seconds=2)
    return time_machine.travel(later, tick=True)
