"""When the time is over, nothing in the whole database says who somebody was."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.test import Client, TestCase
from django.utils import timezone

from artists.access.services import create_token
from artists.admissions.services import admit, invite
from artists.letters.services import write_letter
from artists.models import (
    Application,
    Artist,
    Cohort,
    Departure,
    LedgerEntry,
    LetterKind,
    Limit,
    Terms,
)
from artists.quotas.ceilings import grant, raise_for_a_time
from artists.quotas.checking import check_ledger
from artists.terms.services import accept
from generations.appeals import services as appeals
from generations.appeals import thread
from generations.erasing import services as erasing
from generations.erasing.people import NAME
from generations.leaving.services import end_membership, leave
from generations.media.credentials.copies import private_copy, replace_public
from generations.media.credentials.identity import roots_pem
from generations.models import (
    Decision,
    Generation,
    Ground,
    RefusedPrompt,
    Share,
    VideoModel,
    WebhookEndpoint,
)
from generations.models.generation import Status
from generations.portfolios.services import save_portfolio
from generations.prompts.idempotency import fingerprint, submit_once
from generations.rendering import sweeping
from generations.reports.services import make_report
from generations.sharing.services import take_down
from generations.taking import making
from generations.taking.services import ask
from generations.tasks import erase_departed
from portal.audit import Event
from portal.audit_check import verify
from tests.artists.applications.rows import make_application, make_round
from tests.artists.terms.texts import publish_text
from tests.generations.media.credentials.reading import read
from tests.generations.reviews.acting import claim, decide
from tests.generations.sharing.fixtures import (
    MakeShare,
    MakeSubmission,
    MakeWork,
    change_on_disk,
)

EMAIL, CREDIT, WORDS = "zelda.quintero@example.org", "Zelda Quintero", "Quintero"
HOME_ADDRESS = "198.51.100.77"
Shares = Departure.Shares


@pytest.fixture
def zelda(cohort: Cohort, manager: Artist, db: None) -> Artist:
    """Somebody whose name and address cannot be mistaken for anything else."""
    invitation, _ = invite(email=EMAIL, cohort=cohort, invited_by=manager)
    zelda = Artist.objects.create_user(EMAIL, "correct horse", credit_name=CREDIT)
    EmailAddress.objects.create(user=zelda, email=EMAIL, verified=True, primary=True)
    admit(invitation=invitation, artist=zelda)
    zelda.refresh_from_db()
    return zelda


def make_of(prompt: str) -> dict[str, Any]:
    facts = {"video_model": VideoModel.objects.get(), "size": "1280x720", "duration_seconds": 4}
    return facts | {"prompt": prompt}


@pytest.fixture
def life(
    zelda: Artist,
    manager: Artist,
    reviewer: Artist,
    ground: Ground,
    make_work: MakeWork,
    make_submission: MakeSubmission,
    make_share: MakeShare,
    make_generation: Callable[..., Generation],
) -> dict[str, Any]:
    """Her name in every place where people may write it."""
    words = {"title": f"By {CREDIT}", "note": f"Mail {EMAIL}", "credit_name": CREDIT}
    prompt = f"A portrait of {CREDIT}"
    refused = claim(
        submission=make_submission(make_work(zelda, prompt=prompt), **words), reviewer=reviewer
    )
    decide(
        submission=refused,
        reviewer=reviewer,
        outcome=Decision.Outcome.REJECT,
        ground=ground,
        reason=f"{CREDIT}, this is a real face.",
    )
    appeal = appeals.appeal(submission=refused, text=f"It is my own: I am {CREDIT}.")
    thread.write(appeal=appeal, author=zelda, text=f"Write to {EMAIL}.")
    taken = make_share(make_work(zelda, prompt=prompt), **words)
    take_down(taken, manager=manager, ground=ground, reason=f"{CREDIT} asked for it.")
    live = make_share(make_work(zelda, prompt=prompt), **words, file_has_name=True)
    private_copy(live.submission.generation.renditions.get(kind="master"))
    live.submission.generation.first_image.save("first.png", ContentFile(b"her face"))
    make_report(live, ground=ground, text=f"That is {CREDIT}.", email=EMAIL)
    save_portfolio(
        zelda,
        address=WORDS.lower(),
        is_open=True,
        shows_links=True,
        is_findable=True,
        shares=[live.pk],
    )
    create_token(zelda, f"laptop of {CREDIT}", ceilings={Limit.Period.DAY: 90})
    endpoint = WebhookEndpoint.objects.create(
        artist=zelda, name=CREDIT, url=f"https://hooks.example/{EMAIL}", event_types=[]
    )
    endpoint.deliveries.create(event_type="video.completed")
    limit = zelda.limits.get()
    grant(limit, amount=1500, by=manager, reason=f"{CREDIT} has a festival")
    raise_for_a_time(
        limit,
        extra=10,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=1),
        by=manager,
        reason=f"For {CREDIT}",
    )
    submit_once(
        artist=zelda,
        key=f"{CREDIT} 1",
        body_sha256=fingerprint({}),
        choose=lambda: make_of(prompt),
    )
    RefusedPrompt.objects.make(
        artist=zelda,
        video_model=VideoModel.objects.get(),
        prompt=prompt,
        ground=ground,
        category="hate",
    )
    log = {"user_id": manager.pk, "action_flag": CHANGE, "change_message": "[]"}
    artists = ContentType.objects.get_for_model(Artist)
    LogEntry.objects.create(
        content_type=artists, object_id=str(zelda.pk), object_repr=CREDIT, **log
    )
    LogEntry.objects.create(object_id="1", object_repr=f"{EMAIL} into Spring", **log)
    zelda.pronouns, zelda.links = WORDS, [f"https://art.example/{WORDS}"]
    zelda.picture.save("pictures/hers.webp", ContentFile(b"her face again"))
    round_ = make_round(zelda.redemption.invitation.cohort)
    application = make_application(round_, name=CREDIT, email=EMAIL)
    application.links.create(url=f"https://art.example/{WORDS}", key=WORDS)
    Application.objects.filter(pk=application.pk).update(
        invitation=zelda.redemption.invitation, statement=f"I, {CREDIT}"
    )
    making.make(ask(zelda).pk)
    agreed = publish_text("# Ours\n", notice_days=30)
    accept(artist=zelda, terms=[agreed], ip_address=HOME_ADDRESS, user_agent=f"{WORDS}’s browser")
    write_letter(LetterKind.FACTORS, artist=zelda, by=manager, note=f"{CREDIT} called us.")
    client = Client()
    client.force_login(zelda)
    return {"live": live, "prompt": prompt, "browser": client}


def let_time_pass() -> None:
    """Let every departure be due, and what was being made be over."""
    past = timezone.now() - timedelta(days=1)
    Departure.objects.update(ends_at=past - timedelta(days=1), erase_at=past)


def found_in_the_database(*words: str) -> list[tuple[str, str]]:
    """Every table and column of the whole database in which one of the words stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if any(word.lower() in str(value).lower() for word in words):
                        found.append((table, column))
    return found


def stored_files() -> set[Path]:
    return {path for path in Path(default_storage.path("")).rglob("*") if path.is_file()}


def test_afterwards_neither_name_nor_address_is_anywhere(
    zelda: Artist, life: dict[str, Any], django_capture_on_commit_callbacks
) -> None:
    """I12: the whole database is searched, table by table, and the storage of files."""
    leave(zelda, shares=Shares.WITHDRAWN)
    assert len(found_in_the_database(EMAIL, WORDS)) > 20
    let_time_pass()

    with django_capture_on_commit_callbacks(execute=True):
        erase_departed()

    assert found_in_the_database(EMAIL, WORDS, HOME_ADDRESS) == []
    assert zelda.acceptances.get().sha256 == Terms.objects.get().sha256  # the yes itself stays
    works = Generation.objects.filter(artist=zelda)
    mine = {str(work.pk) for work in works} | {f"archives/{zelda.pk}/"}
    assert [path for path in stored_files() if any(one in str(path) for one in mine)] == []
    assert set(works.values_list("prompt", "first_image")) == {("", None)}


def test_the_account_is_nobodys_and_opens_no_more(
    zelda: Artist, life: dict[str, Any], client: Client
) -> None:
    leave(zelda, shares=Shares.WITHDRAWN)
    let_time_pass()

    erase_departed()

    zelda.refresh_from_db()
    assert (str(zelda), zelda.is_active, zelda.has_usable_password()) == (NAME, False, False)
    assert not client.login(email=EMAIL, password="correct horse")
    assert life["browser"].get("/home/").status_code == 302
    assert Departure.objects.get().erased_at
    again = Artist.objects.create_user(EMAIL, "x")  # the address is free for a new beginning
    assert again.pk != zelda.pk


def test_ledger_and_trail_stay_whole(zelda: Artist, life: dict[str, Any]) -> None:
    """I3, I10"""
    leave(zelda, shares=Shares.WITHDRAWN)
    of_hers = LedgerEntry.objects.filter(window__limit__artist=zelda).order_by("pk")
    amounts = list(of_hers.values_list("kind", "ceiling", "held", "spent"))
    let_time_pass()

    erase_departed()

    assert list(of_hers.values_list("kind", "ceiling", "held", "spent")) == amounts
    assert verify().is_whole
    assert list(check_ledger()) == []


def test_erased_twice_changes_nothing_more(zelda: Artist, life: dict[str, Any]) -> None:
    departure = leave(zelda, shares=Shares.WITHDRAWN)
    let_time_pass()
    departure.refresh_from_db()

    assert erasing.erase(departure)
    assert erasing.erase(departure)

    assert found_in_the_database(EMAIL, WORDS) == []


def test_a_pass_that_is_cut_short_is_followed_by_one_that_goes_on(
    zelda: Artist, life: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(zelda, shares=Shares.WITHDRAWN)
    let_time_pass()

    def die(*arguments: object) -> None:
        raise RuntimeError("the worker is gone")

    with monkeypatch.context() as broken:
        broken.setattr(erasing, "erase_person", die)
        erase_departed()
    assert Departure.objects.due().exists()

    erase_departed()

    assert not Departure.objects.due().exists()
    assert found_in_the_database(EMAIL, WORDS) == []


class KeepsClips(FileSystemStorage):
    """A storage that deletes no clip today."""

    def delete(self, name: str) -> None:
        if name.endswith(".mp4"):
            raise OSError("the storage does not answer")
        super().delete(name)


def test_a_work_is_removed_before_its_files_are_and_they_are_asked_for_again(
    zelda: Artist, life: dict[str, Any], settings: Any
) -> None:
    leave(zelda, shares=Shares.WITHDRAWN)
    let_time_pass()
    works = Generation.objects.filter(artist=zelda)
    answering = settings.STORAGES
    away = {"BACKEND": f"{__name__}.KeepsClips", "OPTIONS": answering["default"].get("OPTIONS", {})}

    settings.STORAGES = answering | {"default": away}
    erase_departed()
    assert Departure.objects.due().exists()
    assert works.filter(removed_at__isnull=False, files_deleted_at=None).exists()

    settings.STORAGES = answering
    erase_departed()
    assert not Departure.objects.due().exists()
    assert not works.filter(files_deleted_at=None).exists()


@pytest.mark.parametrize(("choice", "credit"), [("named", CREDIT), ("unnamed", "an artist")])
def test_a_page_that_stays_shows_its_clip_and_no_more_than_was_chosen(
    client: Client, zelda: Artist, life: dict[str, Any], choice: str, credit: str
) -> None:
    share: Share = life["live"]
    Submission = type(share.submission)
    Submission.objects.filter(pk=share.submission_id).update(title="Portrait", show_prompt=False)
    leave(zelda, shares=Shares(choice))
    let_time_pass()

    erase_departed()

    page = client.get(share.get_absolute_url())
    assert page.status_code == 200
    assert f"by {credit}" in page.text
    assert client.get(share.video_url).status_code == 200
    left = set(found_in_the_database(EMAIL, WORDS))
    named = {("generations_submission", "credit_name"), ("generations_signedcopy", "says")}
    named |= {("generations_signedcopy", "manifest")} & left  # as a database shows bytes
    in_the_file = CREDIT.encode() in b"".join(client.get(share.video_url))
    assert in_the_file == (choice == "named")
    assert left == (named if choice == "named" else set())
    kept = share.submission.generation.renditions.exclude(file="")
    assert set(kept.values_list("kind", flat=True)) == {"master", "poster", "filmstrip"}


def test_a_file_that_shall_not_name_its_artist_any_more_is_signed_anew_at_once(
    client: Client, zelda: Artist, life: dict[str, Any], tmp_path: Path
) -> None:
    """I1: the standing approval names the new file, of the same pictures; I10: the trail both."""
    share: Share = life["live"]
    before = share.submission.public_copy
    leave(zelda, shares=Shares.UNNAMED)

    erase_departed()

    content = b"".join(client.get(share.video_url))
    said = read(content, tmp_path, roots=roots_pem())
    assert CREDIT.encode() not in content
    assert said["state"] == "Trusted"
    assert said["assertions"]["org.greenroom.approval"]["at"] == before.says["approved_at"]
    decision = Decision.objects.get(submission=share.submission)
    event = Event.objects.get(verb="share.signed_anew")
    assert event.facts == {"before": before.sha256, "after": decision.public_sha256}


def test_nobody_is_erased_while_a_public_file_names_them_against_their_wish(
    zelda: Artist, life: dict[str, Any], settings: Any
) -> None:
    leave(zelda, shares=Shares.UNNAMED)
    let_time_pass()
    settings.C2PA_CHAIN, settings.C2PA_KEY = "/gone.pem", "/gone-key.pem"

    erase_departed()
    assert Departure.objects.due().exists()
    settings.C2PA_CHAIN = settings.C2PA_KEY = ""
    erase_departed()

    assert not Departure.objects.due().exists()
    assert "generations_signedcopy" not in {table for table, _ in found_in_the_database(CREDIT)}


def test_a_file_that_cannot_be_signed_anew_holds_up_nobody_else(
    zelda: Artist, life: dict[str, Any], other_artist: Artist
) -> None:
    leave(zelda, shares=Shares.UNNAMED)
    leave(other_artist, shares=Shares.WITHDRAWN)
    let_time_pass()
    change_on_disk(life["live"].submission.rendition)

    erase_departed()

    assert [one.artist for one in Departure.objects.due()] == [zelda]


def test_a_page_whose_master_is_lost_closes_rather_than_name_who_is_erased(
    client: Client, zelda: Artist, life: dict[str, Any]
) -> None:
    """I10: the trail says that it was closed, and why."""
    share: Share = life["live"]
    public = str(share.submission.public_copy.file.name)
    leave(zelda, shares=Shares.UNNAMED)
    default_storage.delete(str(share.submission.rendition.file.name))
    erase_departed()
    assert client.get(share.get_absolute_url()).status_code == 200
    let_time_pass()

    erase_departed()

    assert not Departure.objects.due().exists()
    assert client.get(share.video_url).status_code == 410
    assert not default_storage.exists(public)
    assert not found_in_the_database(CREDIT)
    assert Event.objects.get(verb="share.closed").facts == {"why": "master missing"}


def test_of_two_that_sign_a_file_anew_the_first_does(
    client: Client, zelda: Artist, life: dict[str, Any]
) -> None:
    share: Share = life["live"]
    standing = share.submission.public_copy
    with TestCase.captureOnCommitCallbacks(execute=True):
        replace_public(standing)
    storage: Any = default_storage
    stored = [one.name for one in storage.walk("signed")]

    replace_public(standing)

    assert [one.name for one in storage.walk("signed")] == stored
    assert Event.objects.filter(verb="share.signed_anew").count() == 1
    assert client.get(share.video_url).status_code == 200


def test_a_page_that_shows_its_prompt_goes_on_showing_it_until_it_is_closed(
    client: Client,
    zelda: Artist,
    life: dict[str, Any],
    manager: Artist,
    ground: Ground,
) -> None:
    share: Share = life["live"]
    leave(zelda, shares=Shares.NAMED)
    let_time_pass()
    erase_departed()
    assert life["prompt"] in client.get(share.get_absolute_url()).text

    take_down(share, manager=manager, ground=ground, reason="Asked for.")
    erase_departed()

    assert found_in_the_database(EMAIL, WORDS) == []
    assert not share.submission.generation.renditions.exclude(file="").exists()


def test_a_page_whose_time_is_over_is_not_kept_for_anybody(
    client: Client, zelda: Artist, life: dict[str, Any]
) -> None:
    """Its artist alone could show it again."""
    share: Share = life["live"]
    leave(zelda, shares=Shares.NAMED)
    Share.objects.filter(pk=share.pk).update(expires_at=timezone.now())
    let_time_pass()

    erase_departed()

    assert found_in_the_database(EMAIL, WORDS) == []
    assert not share.submission.generation.renditions.exclude(file="").exists()
    assert client.get(share.get_absolute_url()).status_code == 410


def test_a_prompt_that_was_hidden_on_a_page_that_stays_is_erased(
    client: Client, zelda: Artist, life: dict[str, Any]
) -> None:
    share: Share = life["live"]
    Share.objects.filter(pk=share.pk).update(hides_prompt=True)
    leave(zelda, shares=Shares.NAMED)
    let_time_pass()

    erase_departed()

    assert client.get(share.get_absolute_url()).status_code == 200
    assert ("generations_generation", "prompt") not in found_in_the_database(WORDS)


def test_after_an_ended_membership_pages_close_unless_the_artist_says_otherwise(
    client: Client, zelda: Artist, life: dict[str, Any], manager: Artist
) -> None:
    end_membership(zelda, by=manager, ends_on=timezone.localdate(), reason=f"{CREDIT}, farewell.")
    sweeping.cancel_stopped()
    let_time_pass()

    erase_departed()

    assert client.get(life["live"].get_absolute_url()).status_code == 410
    assert found_in_the_database(EMAIL, WORDS) == []


def test_before_the_time_is_over_nothing_is_erased(zelda: Artist, life: dict[str, Any]) -> None:
    leave(zelda, shares=Shares.NAMED)

    erase_departed()

    zelda.refresh_from_db()
    assert (zelda.email, zelda.is_active) == (EMAIL, True)
    assert Generation.objects.filter(artist=zelda, prompt=life["prompt"]).count() == 4


def test_what_is_still_being_made_is_waited_for_behind_a_closed_door(
    zelda: Artist, life: dict[str, Any]
) -> None:
    leave(zelda, shares=Shares.WITHDRAWN)
    running = Generation.objects.filter(artist=zelda, status=Status.CANCELLED).get()
    Generation.objects.filter(pk=running.pk).update(status=Status.FETCHING, finished_at=None)
    let_time_pass()

    erase_departed()

    zelda.refresh_from_db()
    assert not zelda.is_active
    assert Departure.objects.due().exists()
    Generation.objects.filter(pk=running.pk).update(
        status=Status.FAILED, finished_at=timezone.now()
    )
    erase_departed()
    assert not Departure.objects.due().exists()
    assert found_in_the_database(EMAIL, WORDS) == []


def test_others_lose_nothing(
    zelda: Artist, life: dict[str, Any], make_share: MakeShare, make_work: MakeWork, artist: Artist
) -> None:
    theirs = make_share(make_work(artist, prompt="A kite"), credit_name="Ada")
    files = {theirs.submission.generation.renditions.get(kind="master").file.path}
    leave(zelda, shares=Shares.WITHDRAWN)
    let_time_pass()

    erase_departed()

    theirs.refresh_from_db()
    artist.refresh_from_db()
    assert theirs.is_live
    assert theirs.credit_name == "Ada"
    assert artist.email == "ada@example.org"
    assert all(Path(path).exists() for path in files)
