"""The dashboard and its lists: each figure leads to as many rows as it says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.access.services import create_token
from artists.models import Artist, Limit, Token
from artists.quotas.ceilings import grant
from generations.models import Attempt, Generation, Review, Submission, VideoModel
from generations.models.generation import Status
from tests.generations.pauses.conftest import paused

PAGE = reverse("generations:dashboard")
LISTS = {
    name: reverse(f"generations:dashboard_{name}")
    for name in ("generations", "submissions", "artists", "tokens")
}
HOSTILE = "<script>alert(1)</script> \u202e李明 & co"


def rows_at(browser, address: str) -> int:
    """How many rows a list shows."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return len(
        answer.context.get("rows")
        or answer.context.get("dead_uses")
        or answer.context.get("unknown")
        or []
    )


def table_links(page: str, title: str) -> list[tuple[int, str]]:
    """The numbers of a plot's table with the lists that they lead to."""
    table = page.split(f'aria-label="{title} by day')[1].split("</table>")[0]
    return [
        (int(said.replace(",", "")), unescape(link))
        for link, said in re.findall(r'<td[^>]*><a href="([^"]+)">([\d,]+)</a>', table)
    ]


def bar_links(page: str, title: str) -> list[tuple[int, str]]:
    part = page.split(f'aria-label="{title}"')[1].split("</ul>")[0]
    found = re.findall(r'href="([^"]+)">.*?bar-number">([\d,]+)<', part)
    return [(int(said.replace(",", "")), unescape(link)) for link, said in found]


@pytest.fixture
def second_model(db) -> VideoModel:
    return VideoModel.objects.create(
        name="other-1", title="Other 1", provider="sketch", native_name="x"
    )


@pytest.fixture
def programme(make_ended, make_generation, make_submission, second_model, artist, other_artist):
    """Something of everything that the page counts."""
    now = timezone.now()
    for hours in (0, 26, 51, 24 * 29):
        make_ended(now - timedelta(hours=hours, seconds=1))
    make_ended(now, model=second_model, credits=30)
    make_ended(now, status=Status.FAILED, failure_kind="timeout", by=other_artist)
    make_ended(now - timedelta(days=2), status=Status.REFUSED, failure_kind="safety_input")
    make_ended(now - timedelta(days=45))
    make_generation()
    running = make_generation()
    lost = make_generation()
    Generation.objects.filter(pk=running.pk).update(status=Status.RENDERING)
    Generation.objects.filter(pk=lost.pk).update(status=Status.UNKNOWN)
    Attempt.objects.create(generation=lost, provider="sketch", state="sent", sent_at=now)
    for hours in (-30, -2, 5, 50, 100):
        submission = make_submission()
        Submission.objects.filter(pk=submission.pk).update(due_at=now + timedelta(hours=hours))
    token, _ = create_token(artist, HOSTILE[:80])
    create_token(other_artist, "laptop")
    Token.objects.filter(pk=token.pk).update(last_used_at=now)
    for days in (0, 3, 30):
        token.dead_uses.create(hour=now - timedelta(days=days), last_at=now, why="revoked")
    paused(artist=other_artist, reason=HOSTILE)


@pytest.mark.usefixtures("programme")
def test_each_figure_of_today_leads_to_as_many_rows(browser):
    figures = {one.label: one for one in browser.get(PAGE).context["today"]}
    counted = {label: int(one.value) for label, one in figures.items()}

    # Besides those that were made here, five are ready for the submissions.
    assert counted == {
        "Running": 2,
        "Queued": 1,
        "Made today": counted["Made today"],
        "Credits today": counted["Credits today"],
        "Overdue submissions": 2,
        "Lost answers": 1,
        "Refused uses of tokens": 2,
    }
    assert counted["Made today"] >= 6
    for label, one in figures.items():
        if label != "Credits today":
            assert rows_at(browser, one.link) == counted[label], label
    shown = browser.get(figures["Credits today"].link).context["totals"]
    assert shown["credits"] == counted["Credits today"]


@pytest.mark.usefixtures("programme")
def test_each_column_leads_to_its_clips(browser):
    page = browser.get(PAGE).content.decode()
    links = table_links(page, "Clips made")

    # Four of one model in these 30 days, one of another, and the five submitted ones.
    assert sum(count for count, _ in links) == 10
    for count, link in links:
        if count or "other-1" not in link:
            assert rows_at(browser, link) == count, link


@pytest.mark.usefixtures("programme")
def test_each_column_leads_to_its_credits(browser):
    links = table_links(browser.get(PAGE).content.decode(), "Credits spent")

    assert sum(count for count, _ in links) == 4 * 8 + 30 + 5 * 40
    for count, link in links[:8]:
        assert (browser.get(link).context["totals"]["credits"] or 0) == count, link


@pytest.mark.usefixtures("programme")
@pytest.mark.parametrize(
    ("title", "total"),
    [
        ("Undecided submissions by due date", 5),
        ("Submissions by state", 5),
        ("Failures by kind", 2),
        ("Live tokens by age", 2),
        ("Live tokens by last use", 2),
    ],
)
def test_each_bar_leads_to_its_rows(browser, title, total):
    links = bar_links(browser.get(PAGE).content.decode(), title)

    assert sum(count for count, _ in links) == total
    assert [rows_at(browser, link) for _, link in links] == [count for count, _ in links]


@pytest.mark.usefixtures("programme")
def test_a_cohort_leads_to_its_active_artists_and_to_all(browser):
    row = browser.get(PAGE).context["cohorts"]["rows"][0]

    assert (row.bar.said, row.members) == ("2", 3)  # Ada and Ben; Mona manages
    assert rows_at(browser, row.bar.link) == 2
    assert rows_at(browser, row.members_link) == 3


def test_what_is_in_review_is_not_waiting(browser, claimed, make_submission):
    make_submission()
    links = bar_links(browser.get(PAGE).content.decode(), "Submissions by state")

    assert [count for count, _ in links[:2]] == [1, 1]
    assert [rows_at(browser, link) for _, link in links[:2]] == [1, 1]

    Review.objects.filter(submission=claimed).update(claim_expires_at=timezone.now())
    links = bar_links(browser.get(PAGE).content.decode(), "Submissions by state")

    assert [count for count, _ in links[:2]] == [2, 0]
    assert [rows_at(browser, link) for _, link in links[:2]] == [2, 0]


def test_an_empty_programme_has_an_empty_dashboard(browser):
    page = browser.get(PAGE).content.decode()

    assert page.count("chart-empty") == 9
    assert "Nothing and nobody is paused" in page
    assert "no limit is set" in page
    for address in LISTS.values():
        assert browser.get(address).status_code == 200


@pytest.mark.usefixtures("programme")
def test_names_are_words_wherever_they_stand(browser, artist, second_model):
    Artist.objects.filter(pk=artist.pk).update(credit_name=HOSTILE)
    VideoModel.objects.filter(pk=second_model.pk).update(title=HOSTILE)
    artist.cohort.name = HOSTILE
    artist.cohort.save()

    for address in (PAGE, *LISTS.values(), f"{LISTS['generations']}?state=active"):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "&lt;script&gt;" in page, address


@pytest.mark.usefixtures("programme")
def test_no_list_shows_a_prompt_or_a_secret(browser):
    sha256 = Token.objects.latest("pk").sha256

    for address in (PAGE, *LISTS.values(), f"{LISTS['generations']}?state=active"):
        page = browser.get(address).content.decode()
        assert not re.search("(secret|paper) boat", page), address
        assert sha256 not in page


def test_the_programmes_limit_stands_beside_the_credits(browser, manager, make_ended):
    limit = Limit(period=Limit.Period.DAY)
    grant(limit, amount=2000, by=manager, reason="For the day")
    figure = browser.get(PAGE).context["today"][3]

    assert figure.note.startswith("0 of 2,000")
    assert browser.get(figure.note_link).status_code == 200


def test_seven_video_models_and_more_share_a_colour(browser, make_ended):
    for number in range(8):
        model = VideoModel.objects.create(name=f"m-{number}", title=f"M{number}", provider="sketch")
        make_ended(timezone.now(), model=model)
    made = browser.get(PAGE).context["made"]
    others, _ = made.series[-1]

    assert (others.label, others.total) == ("Other models", 3)
    assert rows_at(browser, others.link(None)) == 3


def test_many_rows_take_as_many_queries_as_few(browser, make_ended, make_artist, make_submission):
    make_ended(timezone.now())
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    for number in range(12):
        someone = make_artist(f"Artist{number}")
        create_token(someone, "laptop")
        paused(artist=someone, reason="Looked at")
        model = VideoModel.objects.create(name=f"m-{number}", title=f"M{number}", provider="sketch")
        make_ended(timezone.now() - timedelta(days=number), by=someone, model=model)
        make_submission()
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)

    assert len(many) == len(few)
    # Five or six of any page say who asks, what they may, and what is paused for them.
    assert len(many) - 6 <= 13


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_many_rows(
    browser, name, make_ended, make_artist, make_submission, django_assert_num_queries
):
    def add(number: int) -> None:
        someone = make_artist(f"Artist{number}")
        token, _ = create_token(someone, "laptop")
        make_ended(timezone.now(), by=someone, token=token)
        make_submission()

    add(0)
    browser.get(LISTS[name])
    with CaptureQueriesContext(connection) as few:
        browser.get(LISTS[name])
    for number in range(1, 9):
        add(number)
    with django_assert_num_queries(len(few)):
        browser.get(LISTS[name])


@pytest.mark.parametrize(
    ("state", "moment"),
    [("ended", {}), ("active", {"status": Status.RENDERING, "finished_at": None})],
)
def test_a_list_is_paged_without_a_gap_among_equals(browser, make_ended, state, moment):
    now = timezone.now()
    for _ in range(103):
        make_ended(now)
    if moment:
        Generation.objects.update(**moment)
    address, seen = f"{LISTS['generations']}?state={state}", []
    after = ""
    for _ in range(3):
        answer = browser.get(f"{address}&after={after}")
        seen += [generation.pk for generation, *_ in answer.context["rows"]]
        after = answer.context["next_cursor"]

    assert after == ""
    assert len(set(seen)) == len(seen) == 103


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("after", ["x", "0", "-1", "9" * 30, "\x00", "'; --", "a" * 3000])
def test_what_is_no_cursor_begins_the_list(browser, name, after):
    assert browser.get(LISTS[name], {"after": after}).status_code == 200


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("generations", {"state": "nothing"}),
        ("generations", {"model": "nothing"}),
        ("generations", {"model": "\x00"}),
        ("generations", {"kind": "<script>"}),
        ("generations", {"since": "0001-01-01", "until": "0001-01-02"}),
        ("generations", {"since": "9999-12-31", "until": "9999-12-31"}),
        ("generations", {"since": "2026-01-02", "until": "2026-01-01"}),
        ("generations", {"since": "2026-01-01", "until": "2026-12-31"}),
        ("generations", {"since": "yesterday"}),
        ("generations", {"since": ""}),
        ("submissions", {"due": "nothing"}),
        ("artists", {"cohort": "9" * 30}),
        ("artists", {"cohort": "\x00"}),
        ("artists", {"days": "8"}),
        ("tokens", {"age": "nothing"}),
    ],
)
def test_a_wrong_field_shows_nothing_and_says_so(browser, name, asked):
    answer = browser.get(LISTS[name], asked)

    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not answer.context["rows"]


def test_a_manager_whose_role_may_not_sees_nothing(client, manager):
    manager.groups.get().permissions.filter(codename="view_dashboard").delete()
    client.force_login(manager)

    for address in (PAGE, *LISTS.values()):
        assert client.get(address).status_code == 404


def test_a_manager_without_a_second_factor_is_asked_for_one(client, manager):
    manager.authenticator_set.all().delete()
    client.force_login(manager)

    assert client.get(PAGE).status_code == 403
