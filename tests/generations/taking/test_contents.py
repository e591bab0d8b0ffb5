"""What is in an archive: all of an artist's, in open formats, and nothing of anybody else (I12)."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from artists.access.services import create_token, revoke
from artists.letters.services import write_letter
from artists.models import Artist, LetterKind, Token
from generations.appeals import thread
from generations.media.credentials.identity import roots_pem
from generations.models import (
    Appeal,
    Check,
    Decision,
    Generation,
    Ground,
    RefusedPrompt,
    Share,
    ViewCount,
    WebhookEndpoint,
)
from generations.portfolios.services import save_portfolio
from generations.prompts.services import remove
from generations.reviews import claiming, deciding
from generations.taking import pages
from generations.taking.tables import Table, as_csv
from generations.webhooks.signing import secret_of
from portal.exporting import FORMULA
from tests.generations.checks.rows import checked_and_refused
from tests.generations.media.credentials.reading import read
from tests.generations.reviews.acting import claim, decide, let_stand
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission, MakeWork, stored_bytes
from tests.generations.taking.conftest import Opened

Take = Callable[[], Opened]


def rows(opened: Opened, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened.text(f"data/{table}.csv"))))


def test_every_file_of_a_work_is_in_it_byte_for_byte(work: Generation, take: Take) -> None:
    """I12"""
    opened = take()

    (row,) = opened.json("data/works.json")
    kinds = {name.rpartition("/")[2].partition(".")[0]: name for name in row["files"]}
    assert set(kinds) == {"master", "proxy", "poster", "filmstrip", "waveform"}
    for kind, name in kinds.items():
        if kind != "master":
            assert opened.zip.read(name) == stored_bytes(work, kind)
        assert opened.zip.getinfo(name).compress_type == zipfile.ZIP_STORED


def test_a_share_master_is_taken_with_its_credentials(
    work: Generation, take: Take, tmp_path: Path
) -> None:
    opened = take()

    (name,) = [name for name in opened.names if name.endswith("/master.mp4")]
    assert read(opened.zip.read(name), tmp_path, roots=roots_pem())["state"] == "Trusted"


def test_where_nothing_can_be_signed_works_are_taken_all_the_same(
    work: Generation, take: Take, settings: Any
) -> None:
    """I12"""
    settings.C2PA_CHAIN, settings.C2PA_KEY = "/gone.pem", "/gone-key.pem"

    opened = take()

    (name,) = [name for name in opened.names if name.endswith("/master.mp4")]
    assert opened.zip.read(name) == stored_bytes(work, "master")


def test_prompts_stand_in_json_and_csv_with_their_parameters(work: Generation, take: Take) -> None:
    """I12"""
    opened = take()

    (row,) = opened.json("data/works.json")
    said = ("prompt", "video_model", "size", "duration_seconds", "seed", "spent_credits")
    assert [row[name] for name in said] == [work.prompt, "sketch-1", "1920x1080", 10, 7, 40]
    (line,) = rows(opened, "works")
    assert [line[name] for name in said] == [str(row[name]) for name in said]


def test_refused_prompts_and_what_checks_found_come_with_rule_and_ground(
    artist: Artist, other_artist: Artist, work: Generation, take: Take
) -> None:
    """I12"""
    rule, refused = checked_and_refused(artist)
    for generation, of in ((work, None), (None, refused)):
        Check.objects.create(
            generation=generation,
            refused=of,
            stage="prompt",
            source="rules",
            outcome="flag",
            rule=rule,
            list_version=3,
        )
    RefusedPrompt.objects.make(
        artist=other_artist,
        video_model=work.video_model,
        prompt="of another",
        ground=rule.ground,
        rule=rule,
    )

    opened = take()

    (row,) = opened.json("data/refused_prompts.json")
    assert (row["prompt"], row["rule"]) == (refused.prompt, rule.title)
    assert row["ground_text"] == rule.ground.text
    found = opened.json("data/checks.json")
    assert [(one["work"], one["refused_prompt"]) for one in found] == [
        (str(work.pk), None),
        (None, str(refused.pk)),
    ]


def test_how_clips_are_shared_and_how_often_they_were_opened_is_taken_too(
    artist: Artist, make_share: MakeShare, take: Take
) -> None:
    """I12: but no password, even hashed."""
    share = make_share()
    Share.objects.filter(pk=share.pk).update(allows_download=True, password="hashed-pass")
    ViewCount.objects.create(share=share, day="2026-11-01", views=7)
    save_portfolio(
        artist,
        address="ada",
        is_open=True,
        shows_links=False,
        is_findable=False,
        shares=[share.pk],
    )

    opened = take()

    (public,) = opened.json("data/shares.json")
    assert (public["allows_download"], public["in_gallery"]) == (True, True)
    assert public["place_in_portfolio"] == 1
    (views,) = opened.json("data/views.json")
    assert (views["share"], views["day"], views["views"]) == (share.slug, "2026-11-01", 7)
    (portfolio,) = opened.json("data/portfolio.json")
    assert (portfolio["address"], portfolio["is_open"]) == ("ada", True)
    assert "hashed-pass" not in opened.text("data/shares.json")


def test_the_manifest_names_every_file_with_its_hash(work: Generation, take: Take) -> None:
    opened = take()

    listed = {one["path"]: one for one in opened.json("manifest.json")["files"]}
    assert set(listed) == opened.names - {"manifest.json"}
    for name, one in listed.items():
        content = opened.zip.read(name)
        assert one["bytes"] == len(content)
        assert one["sha256"] == hashlib.sha256(content).hexdigest()


def test_decisions_come_with_ground_and_reason_and_shares_with_their_address(
    make_submission: MakeSubmission,
    make_share: MakeShare,
    reviewer: Artist,
    ground: Ground,
    take: Take,
) -> None:
    refused = claim(submission=make_submission(), reviewer=reviewer)
    decide(
        submission=refused,
        reviewer=reviewer,
        outcome=Decision.Outcome.REJECT,
        ground=ground,
        reason="The logo on the boat is somebody's.",
    )
    share = make_share()

    opened = take()

    told = {row["id"]: row for row in opened.json("data/submissions.json")}[str(refused.pk)]
    assert told["decision"] == "reject"
    assert told["ground"] == ground.title
    assert told["reason"] == "The logo on the boat is somebody's."
    (public,) = opened.json("data/shares.json")
    assert public["address"].endswith(share.get_absolute_url())
    assert reviewer.email not in opened.text("data/submissions.json")


def test_ledger_tokens_webhooks_and_profile_are_in_it_without_any_secret(
    artist: Artist, make_generation: Callable[..., Generation], take: Take
) -> None:
    """I11, I12"""
    token, plaintext = create_token(artist, "laptop")
    revoke(token, by=artist)
    endpoint = WebhookEndpoint.objects.create(
        artist=artist, name="notebook", url="https://hooks.example/", event_types=[]
    )
    make_generation()

    opened = take()

    assert [row["held"] for row in opened.json("data/ledger.json") if row["kind"] == "hold"] == [8]
    (mine,) = opened.json("data/tokens.json")
    assert mine["name"] == "laptop"
    assert mine["revoked_at"]
    (hook,) = opened.json("data/webhooks.json")
    assert hook["url"] == "https://hooks.example/"
    (profile,) = opened.json("data/profile.json")
    assert (profile["email"], profile["cohort"]) == (artist.email, "Spring")
    secrets = [plaintext, token.sha256, secret_of(endpoint), artist.password]
    everything = b"".join(opened.zip.read(name) for name in opened.names).decode(errors="replace")
    assert [secret for secret in secrets if secret in everything] == []


def test_nothing_of_anybody_else_is_in_it(
    make_work: MakeWork, other_artist: Artist, take: Take
) -> None:
    """I7"""
    make_work(other_artist, prompt="A secret plan of Ben's")
    Token.objects.create(
        artist=other_artist, name="of Ben", sha256="0" * 64, hint="0000", expires_at=timezone.now()
    )

    opened = take()

    everything = b"".join(opened.zip.read(name) for name in opened.names)
    assert b"Ben" not in everything
    assert opened.json("data/works.json") == []


def test_letters_to_a_member_are_in_it(
    artist: Artist, other_artist: Artist, manager: Artist, take: Take
) -> None:
    """I12: without a word on who wrote them."""
    for who in (artist, other_artist):
        write_letter(LetterKind.FACTORS, artist=who, by=manager, note=f"{who} called us.")

    (letter,) = take().json("data/letters.json")

    assert (letter["kind"], letter["note"]) == ("factors", "Ada called us.")
    assert manager.email not in str(letter)


def test_a_removed_work_keeps_its_prompt_in_the_tables_and_has_no_files(
    make_work: MakeWork, take: Take, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        remove(make_work())

    opened = take()

    (row,) = opened.json("data/works.json")
    assert row["prompt"]
    assert row["removed_at"]
    assert row["files"] == []
    assert row["prompt"] not in opened.text("index.html")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\ta", "\ra", " =1", "\uff1d1+1", '=HYPERLINK("x")']
)
def test_a_cell_that_a_spreadsheet_would_run_is_harmless(cell: str) -> None:
    table = Table("t", "T", lambda artist: Artist.objects.none(), {"words": "credit_name"})

    lines = b"".join(as_csv(table, [{"words": cell}])).decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(lines, newline=""))
    assert row["words"] == f"'{cell}"
    assert not FORMULA.match(row["words"])


def test_numbers_and_dates_stay_what_they_are() -> None:
    table = Table("t", "T", lambda artist: Artist.objects.none(), {"held": "pk", "at": "pk"})

    at = timezone.now()
    lines = b"".join(as_csv(table, [{"held": -8, "at": at}])).decode("utf-8-sig")

    assert lines.splitlines()[1] == f"-8,{at.isoformat()}"


def test_the_pages_link_to_files_that_are_there_and_need_no_script(
    make_work: MakeWork, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I12: page after page, opened from the folder that the archive is unpacked to."""
    monkeypatch.setattr(pages, "WORKS_A_PAGE", 2)
    for prompt in ("Ein Schiff, gefaltet aus Papier: «Ahoi»", "纸船", "100% #1? <b>", "A kite", ""):
        make_work(prompt=prompt)

    opened = take()

    found = {"index.html", "pages/works-2.html", "pages/works-3.html"}
    assert {name for name in opened.names if name.endswith(".html")} == found
    for name in found:
        page = opened.text(name)
        assert "<script" not in page
        assert "<b>" not in page
        links = re.findall(r'(?:href|src|poster)="([^"]+)"', page)
        assert len(links) >= 8
        for link in links:
            assert "//" not in link
            target = f"{name.rpartition('/')[0]}/{unquote(link)}".removeprefix("/")
            assert re.sub(r"^pages/\.\./", "", target) in opened.names


def test_a_first_image_is_taken_along(work: Generation, take: Take) -> None:
    work.first_image.save("first.png", ContentFile(b"picture"))

    opened = take()

    (row,) = opened.json("data/works.json")
    (image,) = [name for name in row["files"] if "first-image" in name]
    assert opened.zip.read(image) == b"picture"


def test_an_appeal_is_taken_with_its_thread_and_without_who_decides(
    appeal: Appeal, artist: Artist, second_reviewer: Artist, take: Take
) -> None:
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    for author, text in ((second_reviewer, "When?"), (artist, "In June.")):
        thread.write(appeal=appeal, author=author, text=text)

    opened = take()

    (told,) = opened.json("data/appeals.json")
    assert (told["id"], told["text"], told["against"]) == (str(appeal.pk), appeal.text, "reject")
    written = opened.json("data/appeal_messages.json")
    assert [(one["from_you"], one["text"]) for one in written] == [
        (False, "When?"),
        (True, "In June."),
    ]
    assert second_reviewer.email not in opened.text("data/appeal_messages.json")


def test_the_answer_to_an_appeal_is_taken_too(
    appeal: Appeal, second_reviewer: Artist, take: Take
) -> None:
    """I12: what was written to the artist is theirs, as the first reason is."""
    claiming.claim(review=appeal.review, reviewer=second_reviewer)
    said = deciding.decide(
        review=appeal.review, reviewer=second_reviewer, outcome="uphold", reason="It is a face."
    )
    let_stand(said)

    (told,) = take().json("data/appeals.json")

    assert (told["outcome"], told["answer"]) == ("uphold", "It is a face.")
