"""Drafts go after a letter and its time, and nothing else ever does."""

import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artists.access.services import create_token
from artists.models import Artist, Departure, Pause
from generations import notices, tasks
from generations.media.credentials.identity import current_identity
from generations.models import Archive, Generation, RemovalNotice, Share, Submission
from generations.models.generation import Status
from generations.prompts.services import remove
from generations.retention import services
from generations.retention.errors import NoDraft
from generations.sharing.services import withdraw_submission

pytestmark = pytest.mark.django_db

MakeWork = Callable[..., Generation]
START = datetime(2027, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rule(settings: Any) -> None:
    settings.DRAFT_DAYS, settings.DRAFT_NOTICE_DAYS = 30, 7


@pytest.fixture(autouse=True)
def start() -> Any:
    current_identity()  # what signs is made by the real clock, as the library reads it
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def pass_days(clock: Any, days: float) -> None:
    """Let days pass, and let the schedule do what it does each hour."""
    clock.shift(timedelta(days=days))
    for notice_id in services.announce():
        notices.tell("removal", notice_id)
    services.remove_due()


def is_there(work: Generation) -> bool:
    return Generation.objects.filter(pk=work.pk, removed_at=None).exists()


def test_a_draft_goes_with_its_files_after_its_letter_and_its_time(
    make_work: MakeWork, start: Any, django_capture_on_commit_callbacks: Any
) -> None:
    work = make_work()
    files = [Path(one.file.path) for one in work.renditions.all()]
    pass_days(start, 22.9)
    assert mail.outbox == []

    pass_days(start, 0.2)

    (letter,) = mail.outbox
    assert letter.to == [work.artist.email]
    assert "30 January 2027: A paper boat on a canal" not in letter.body
    assert "31 January 2027: A paper boat on a canal" in letter.body
    assert "/works/?status=drafts" in letter.body
    pass_days(start, 6.9)
    assert is_there(work)
    assert all(file.exists() for file in files)
    with django_capture_on_commit_callbacks(execute=True):
        pass_days(start, 0.2)
    assert not is_there(work)
    assert not any(file.exists() for file in files)
    assert not RemovalNotice.objects.exists()
    assert len(mail.outbox) == 1


def test_one_letter_tells_of_all_that_go_in_the_days_of_notice(
    make_work: MakeWork, other_artist: Artist, start: Any
) -> None:
    works = []
    for _ in range(4):
        works.append(make_work(finished_at=timezone.now()))
        start.shift(timedelta(days=3))
    make_work(of=other_artist, finished_at=START)
    start.move_to(START)

    pass_days(start, 23.1)

    assert sorted(one.to[0] for one in mail.outbox) == ["ada@example.org", "ben@example.org"]
    mine = next(one for one in mail.outbox if one.to == ["ada@example.org"])
    assert mine.subject.startswith("3 drafts of yours will be removed from 31 January 2027")
    goes = [Generation.objects.get(pk=one.pk).removal_at for one in works]
    assert goes[:3] == [
        START + timedelta(days=30.1),
        *(START + timedelta(days=d) for d in (33, 36)),
    ]
    assert goes[3] is None


def test_what_is_old_when_it_is_switched_on_has_its_whole_notice(
    make_work: MakeWork, start: Any, settings: Any
) -> None:
    settings.DRAFT_DAYS = 0
    work = make_work()
    pass_days(start, 500)
    assert (work.goes_at, mail.outbox) == (None, [])
    settings.DRAFT_DAYS = 30

    pass_days(start, 0)
    pass_days(start, 6.9)

    assert is_there(work)
    pass_days(start, 0.2)
    assert not is_there(work)


def test_nothing_goes_before_its_letter_was_sent(
    make_work: MakeWork, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = make_work()
    start.shift(timedelta(days=23))
    (notice_id,) = services.announce()

    def away(*args: object, **kwargs: object) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            notices.tell("removal", notice_id)
    pass_days(start, 20)
    assert is_there(work)
    assert [one.pk for one in notices.untold("removal")] == [notice_id]

    tasks.tell_untold()
    notices.tell("removal", notice_id)
    notices.tell("removal", notice_id)

    assert len(mail.outbox) == 1
    assert Generation.objects.get(pk=work.pk).removal_at == timezone.now() + timedelta(days=7)
    pass_days(start, 6.9)
    assert is_there(work)
    pass_days(start, 0.2)
    assert not is_there(work)


def test_what_is_kept_stays_and_is_a_draft_again_when_let_go(
    make_work: MakeWork, start: Any
) -> None:
    work = make_work()
    pass_days(start, 24)
    services.keep(work)
    services.keep(work)
    pass_days(start, 100)
    assert is_there(work)
    assert not RemovalNotice.objects.exists()

    services.let_go(work)
    pass_days(start, 0)
    assert len(mail.outbox) == 2
    pass_days(start, 6.9)
    assert is_there(work)
    pass_days(start, 0.2)
    assert not is_there(work)


def test_nothing_that_was_ever_submitted_goes(
    make_work: MakeWork,
    make_submission: Callable[..., Submission],
    make_share: Callable[..., Share],
    start: Any,
) -> None:
    waiting = make_submission()
    withdrawn = make_submission()
    withdraw_submission(withdrawn)
    share = make_share()
    announced = make_work()
    pass_days(start, 24)
    late = make_submission(announced)

    pass_days(start, 1000)

    for submission in (waiting, withdrawn, share.submission, late):
        assert is_there(submission.generation)
        with pytest.raises(NoDraft):
            services.let_go(submission.generation)
    assert len(mail.outbox) <= 2  # on the share, and on what was a draft then


@pytest.mark.parametrize("state", [Status.FAILED, Status.CANCELLED, Status.RENDERING])
def test_what_is_no_finished_clip_is_no_draft(make_work: MakeWork, start: Any, state: str) -> None:
    finished_at = None if state == Status.RENDERING else START
    work = make_work(status=state, finished_at=finished_at)

    pass_days(start, 100)

    assert is_there(work)
    assert work.goes_at is None
    with pytest.raises(NoDraft):
        services.keep(work)


def test_nothing_goes_of_somebody_who_could_not_keep_it(
    make_work: MakeWork, artist: Artist, other_artist: Artist, manager: Artist, start: Any
) -> None:
    taking, paused, left = make_work(), make_work(of=other_artist), make_work(of=manager)
    pass_days(start, 24)
    Archive.objects.create(artist=artist)
    pause = Pause.objects.create(
        artist=other_artist, reason="Looked into", expected_end=START, allows_looking=False
    )
    Departure.objects.create(
        artist=manager,
        by=manager,
        kind=Departure.Kind.LEFT,
        ends_at=START,
        erase_at=START + timedelta(days=900),
    )
    pass_days(start, 100)
    assert is_there(taking)
    assert is_there(paused)
    assert is_there(left)

    Archive.objects.update(status=Archive.Status.FAILED)
    Pause.objects.lift(pause.pk, by=None)
    pass_days(start, 0)

    assert not is_there(taking)
    assert is_there(paused)
    assert is_there(left)


def test_who_was_kept_from_a_draft_on_its_day_has_a_letter_and_the_whole_notice_anew(
    make_work: MakeWork, artist: Artist, start: Any
) -> None:
    work = make_work()
    pass_days(start, 24)
    pause = Pause.objects.create(
        artist=artist, reason="Looked into", expected_end=START, allows_looking=False
    )
    pass_days(start, 7.1)
    work.refresh_from_db()
    assert (work.removal_at, work.removal_notice, len(mail.outbox)) == (None, None, 1)

    Pause.objects.lift(pause.pk, by=None)
    pass_days(start, 0.1)

    work.refresh_from_db()
    assert work.removal_at == timezone.now() + timedelta(days=7)
    assert len(mail.outbox) == 2
    pass_days(start, 6.9)
    assert is_there(work)
    pass_days(start, 0.2)
    assert not is_there(work)


def test_nothing_goes_of_a_closed_account_and_no_letter_is_written(
    make_work: MakeWork, artist: Artist, other_artist: Artist, start: Any
) -> None:
    """It cannot sign in to keep anything; opened again, it has the whole notice anew."""
    told, untold = make_work(), make_work(of=other_artist)
    pass_days(start, 24)
    Generation.objects.filter(pk=untold.pk).update(removal_at=None, removal_notice=None)
    letters = len(mail.outbox)
    Artist.objects.update(is_active=False)

    pass_days(start, 100)

    assert is_there(told)
    assert is_there(untold)
    assert len(mail.outbox) == letters

    Artist.objects.filter(pk=artist.pk).update(is_active=True)
    pass_days(start, 0)
    assert is_there(told)
    pass_days(start, 7)

    assert not is_there(told)
    assert is_there(untold)


def test_a_draft_is_removed_by_its_own_columns_alone(make_work: MakeWork, start: Any) -> None:
    """PostgreSQL asks those again for who waited while the artist kept it, and nothing joined."""
    work = make_work()
    pass_days(start, 24)
    start.shift(timedelta(days=20))

    with CaptureQueriesContext(connection) as asked:
        services.remove_due()

    (update,) = [one["sql"] for one in asked if 'SET "removed_at"' in one["sql"]]
    assert "SELECT" not in update
    assert not is_there(work)


def test_an_archive_that_is_asked_for_during_a_pass_still_finds_the_draft(
    make_work: MakeWork, artist: Artist, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_work(), make_work()
    pass_days(start, 24)
    start.shift(timedelta(days=20))
    remove_one = services._remove

    def remove_and_be_asked(work_id: Any) -> None:
        remove_one(work_id)
        Archive.objects.get_or_create(artist=artist)

    monkeypatch.setattr(services, "_remove", remove_and_be_asked)
    services.remove_due()

    assert [is_there(first), is_there(second)].count(True) == 1


def test_switched_off_nothing_goes_and_what_was_announced_is_void(
    make_work: MakeWork, start: Any, settings: Any
) -> None:
    work = make_work()
    pass_days(start, 24)
    settings.DRAFT_DAYS = 0
    pass_days(start, 100)
    settings.DRAFT_DAYS = 30

    pass_days(start, 0)

    assert is_there(work)
    assert len(mail.outbox) == 2


def test_a_letter_about_nothing_is_not_sent(make_work: MakeWork, start: Any) -> None:
    work = make_work()
    start.shift(timedelta(days=24))
    (notice_id,) = services.announce()
    remove(work)

    notices.tell("removal", notice_id)
    services.remove_due()

    assert mail.outbox == []
    assert not RemovalNotice.objects.exists()


def test_a_pass_is_bounded_and_asks_no_more_as_works_pile_up(
    make_work: MakeWork,
    start: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(5):
        make_work()
    monkeypatch.setattr(services, "AT_ONCE", 2)
    pass_days(start, 24)
    start.shift(timedelta(days=7))

    assert [services.remove_due() for _ in range(4)] == [2, 2, 1, 0]
    with django_assert_num_queries(1):
        assert services.announce() == []
    if connection.vendor == "sqlite":  # PostgreSQL plans a table of five rows as its day has it
        assert "generation_draft" in services._unannounced().explain()


def test_the_pages_say_what_goes_when_and_let_it_be_kept(
    make_work: MakeWork, artist: Artist, other_artist: Artist, client: Client, start: Any
) -> None:
    """I7"""
    draft, kept, others = make_work(), make_work(kept_at=START), make_work(of=other_artist)
    client.force_login(artist)

    library = client.get("/works/").content.decode()
    drafts = client.get("/works/?status=drafts").content.decode()
    page = client.get(draft.get_absolute_url()).content.decode()

    assert "are removed after 30 days; a letter comes 7 days before" in library
    assert draft.get_absolute_url() in drafts
    assert kept.get_absolute_url() not in drafts
    assert "2027-01-31" in drafts
    assert "2027-01-31" in page
    client.post(f"/works/{draft.pk}/keep/")
    assert "Stop keeping it" in client.get(draft.get_absolute_url()).content.decode()
    client.post(f"/works/{draft.pk}/let-go/")
    assert "Keep it" in client.get(draft.get_absolute_url()).content.decode()
    for act in ("keep", "let-go"):
        assert client.post(f"/works/{others.pk}/{act}/").status_code == 404
        assert Client().post(f"/works/{draft.pk}/{act}/").status_code == 302


def test_switched_off_the_pages_say_nothing_of_it(
    make_work: MakeWork, artist: Artist, client: Client, settings: Any
) -> None:
    settings.DRAFT_DAYS = 0
    work = make_work()
    client.force_login(artist)

    library = client.get("/works/").content.decode()

    assert "are removed after" not in library
    assert "draft" not in library.lower()
    assert "A draft" not in client.get(work.get_absolute_url()).content.decode()


def test_the_api_tells_the_truth_of_when_a_video_goes(make_work: MakeWork, artist: Artist) -> None:
    draft, kept = make_work(), make_work(kept_at=START)
    _, secret = create_token(artist=artist, name="tool")

    def expires_at(work: Generation) -> int | None:
        answer = Client().get(
            f"/v1/videos/video_{work.pk.hex}", headers={"authorization": f"Bearer {secret}"}
        )
        found: int | None = answer.json()["expires_at"]
        return found

    assert expires_at(draft) == int((START + timedelta(days=30)).timestamp())
    assert expires_at(kept) is None
    told = START + timedelta(days=44)
    Generation.objects.filter(pk=draft.pk).update(removal_at=told)
    assert expires_at(draft) == int(told.timestamp())
