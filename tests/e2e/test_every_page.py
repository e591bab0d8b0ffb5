"""Every kind of page: usable by all, and no wider than its window, from a phone to 4K."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from artists.access.pausing import lift
from artists.access.services import create_token, revoke
from artists.admissions.services import invite
from artists.applications.deciding import Verdict, decide
from artists.applications.reading import score
from artists.letters.facts import APPLICATION
from artists.models import Artist, Cohort, Limit, Score
from artists.quotas.ceilings import grant, raise_for_a_time
from artists.quotas.services import reserve, settle
from artists.roles.services import MANAGER
from artists.terms.services import accept
from artists.terms.writing import draft_of, save_draft
from generations.appeals import thread
from generations.appeals.refused import appeal_refused
from generations.appeals.services import appeal as make_appeal
from generations.models import (
    Generation,
    Ground,
    Review,
    SavedView,
    Share,
    Submission,
    SubmissionSet,
    VideoModel,
    ViewCount,
    WebhookEndpoint,
)
from generations.notes.services import pin
from generations.portfolios.services import save_portfolio
from generations.reports.services import make_report
from generations.reviews import claiming
from generations.sharing.services import withdraw
from generations.taking import making
from generations.taking.services import ask
from portal.clock import programme_day
from portal.secret_links import secret_of
from tests.artists.applications.rows import make_application, make_round
from tests.artists.terms.texts import publish_text
from tests.generations.appeals.fixtures import make_refusal
from tests.generations.checks.rows import checked_and_refused
from tests.generations.conftest import make_generation
from tests.generations.pauses.conftest import paused
from tests.generations.reviews.acting import claim
from tests.generations.sharing.fixtures import ground, make_share, make_submission, make_work
from tests.second_factor import give_app, show_factors

__all__ = [
    "ground",
    "make_generation",
    "make_refusal",
    "make_share",
    "make_submission",
    "make_work",
]

LONG_WORD = "Donaudampfschifffahrtsgesellschaft"
FAR_AWAY = datetime(2100, 1, 1, tzinfo=UTC)
WIDTHS = (360, 768, 1440, 3840)
FINGER = 43.5  # CSS pixels: 44, less what rounding takes
PRESSED = """least => [...document.querySelectorAll(
  ".button, .choice, .brand, .link-button, .icon-button, .menu > summary, .more > summary, " +
  "select, .check label, input:not([type=radio], [type=checkbox], [type=file], [type=range])"
)].filter(one => one.checkVisibility() && !one.closest(".player"))
  .filter(one => one.getBoundingClientRect().height < least)
  .map(one => one.outerHTML.slice(0, 120))"""
LISTS = """[...document.querySelectorAll(".table-scroll:has(.list-table)")]
  .map(one => [one.scrollWidth, one.clientWidth])"""
IN_SIGHT = """() => {
  const one = document.activeElement, at = one.getBoundingClientRect();
  const under = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
  return !under || one.contains(under) || under.contains(one) ? "" : one.outerHTML.slice(0, 120);
}"""


@pytest.fixture
def addresses(
    client: Client,
    artist: Artist,
    other_artist: Artist,
    video_model: VideoModel,
    make_work: Callable[..., Generation],
    make_generation: Callable[..., Generation],
    make_submission: Callable[..., Submission],
    make_share: Callable[..., Share],
    make_refusal: Callable[..., Submission],
) -> list[str]:
    """The pages that an artist sees, with something on each, long words among it.

    The artist manages the programme too, and so sees the pages of quotas, pauses and the trail.
    """
    artist.groups.add(Group.objects.get(name=MANAGER))
    give_app(artist)
    show_factors(client, artist)
    limit = artist.limits.get()
    now = timezone.now()
    long_reason = "Donaudampfschifffahrtsgesellschaft " * 8
    grant(limit, amount=1500, by=artist, reason=long_reason)
    times = {"starts_at": now, "ends_at": now + timedelta(days=2)}
    raise_for_a_time(limit, extra=200, by=artist, reason=long_reason, **times)
    token, _ = create_token(
        artist,
        "laptop",
        ceilings={Limit.Period.DAY: 30, Limit.Period.TOTAL: 300},
        networks=["2001:db8:1111:2222:3333:4444:5555:6666/128"],
    )
    token.dead_uses.create(
        hour=now, last_at=now, why="elsewhere", network="2001:db8:1:2::/64", client="x" * 200
    )
    over, _ = create_token(artist, "Donaudampfschifffahrtsgesellschaft")
    revoke(over, by=artist)
    with transaction.atomic():
        settle(reserve(artist=artist, amount=40, money=2500), amount=40, cost=3000)
    long_prompt = "Donaudampfschifffahrtsgesellschaft " * 12
    waiting = make_generation(long_prompt)
    work = make_work(prompt=long_prompt)
    share = make_share()
    make_submission()
    endpoint = WebhookEndpoint.objects.create(
        artist=artist, name="notebook", url="https://hooks.example/" + "a" * 200
    )
    endpoint.deliveries.create(event_type="video.completed", generation=work)
    lift(paused(video_model_id=video_model.pk, reason=long_reason[:300], by=artist), by=artist)
    paused(reason=long_reason[:300], by=artist, cancels_queued=True)
    paused(artist=artist, reason="A" * 300, by=artist, stops_running=True)
    accept(artist=artist, terms=[publish_text(f"# One\n\n{long_reason}\n")])
    publish_text(f"# Two\n\n| a | b |\n| - | - |\n| {long_prompt} | c |\n", notice_days=9)
    save_draft(draft_of("privacy"), f"# Draft\n\n{'x' * 400}\n", seen=draft_of("privacy").sha256)
    pages = ["/terms/", "/terms/accept/", "/terms/programme/2/", "/terms/programme/2/since/1/"]
    pages += ["/terms/manage/", "/terms/manage/programme/1/", "/terms/manage/privacy/"]
    pages += ["/webhooks/", f"/webhooks/{endpoint.pk}/"]
    for made_by in (token, over):
        one = WebhookEndpoint.objects.create(
            artist=artist, token=made_by, name=made_by.name, url=endpoint.url
        )
        pages.append(f"/webhooks/{one.pk}/")
    pages += _admissions(artist)
    pages += [f"/tokens/{token.pk}/", "/tokens/refused/", "/device"]
    pages += ["/", "/home/", "/create/", "/works/", "/tokens/", "/grounds/", "/no-such-page/"]
    pages += ["/grounds/rights/1/", "/grounds/manage/", "/grounds/manage/new/"]
    pages += ["/grounds/replies/new/", "/submissions/set/"]
    pages += ["/api/"]
    pages += ["/promise/", "/promise/set/", "/dashboard/reviews/", "/dashboard/stuck/"]
    pages += ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/reauthenticate/"]
    pages += [
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/sessions/",
        "/profile/",
        "/roles/",
        "/roles/?q=a",
    ]
    pages += [f"/roles/{artist.pk}/", "/roles/reviewer/", "/roles/manager/"]
    pages += [
        "/outcomes/",
        "/files/",
        "/pauses/",
        "/pauses/?q=a",
        f"/pauses/new/artist-{artist.pk}/",
        "/status/",
        "/audit/",
        "/audit/?verb=nothing",
        "/quotas/programme/",
        f"/quotas/artist-{artist.pk}/",
        "/quotas/programme/?q=zzz",
        "/dashboard/",
        "/dashboard/generations/",
        "/dashboard/generations/?state=active",
        "/dashboard/submissions/",
        "/dashboard/artists/",
        "/dashboard/tokens/",
        "/dashboard/tokens/?used=nothing",
    ]
    rule, refused = checked_and_refused(artist, long=True)
    pages += ["/checks/", "/checks/rules/new/", f"/checks/rules/{rule.number}/"]
    pages += ["/checks/thresholds/", f"/checks/thresholds/{artist.cohort_id}/"]
    pages += ["/refused/", f"/refused/{refused.pk}/"]
    pages += _appeals_about_prompts(artist, other_artist)
    pages += _public_pages(artist, other_artist, make_work, make_share)
    SavedView.objects.create(reviewer=artist, name=LONG_WORD, querystring="flagged=on&mine=on")
    of_another = make_submission(make_work(other_artist), title=long_prompt[:120]).review
    claiming.claim(review=of_another, reviewer=artist)
    pages += ["/reviews/", "/reviews/?state=waiting&flagged=on", "/reviews/?state=x"]
    pages += ["/reviews/?flagged=on&mine=on", "/reviews/?mine=on", of_another.get_absolute_url()]
    pages += ["/take/", "/leave/", "/left/", f"/artists/{other_artist.pk}/membership/"]
    pages += ["/reviews/how/", _review(artist, other_artist, make_work, make_submission)]
    making.make(ask(artist).pk)
    works = [waiting.get_absolute_url(), work.get_absolute_url(), share.get_absolute_url()]
    return pages + works + _appeals(artist, other_artist, make_work, make_refusal)


def _appeals(
    artist: Artist,
    other_artist: Artist,
    make_work: Callable[..., Generation],
    make_refusal: Callable[..., Submission],
) -> list[str]:
    """The artist's pages of appeals, and those of who decides on another's: with long threads."""
    refused = make_refusal()
    mine, hers = (
        make_appeal(submission=make_refusal(work=make_work(of)), text=f"{LONG_WORD} " * 20)
        for of in (artist, other_artist)
    )
    claiming.claim(review=hers.review, reviewer=artist)
    for author in (other_artist, artist):
        thread.write(appeal=hers, author=author, text=LONG_WORD * 4)
    thread.write(appeal=mine, author=artist, text=LONG_WORD * 4)
    pages = [f"/submissions/{refused.pk}/appeal/", "/reviews/", "/reviews/appealed/"]
    pages += [hers.review.get_absolute_url(), mine.get_absolute_url()]
    return [*pages, mine.the_submission.generation.get_absolute_url()]


def _appeals_about_prompts(artist: Artist, other_artist: Artist) -> list[str]:
    """The artist's own about a refused prompt, and another's in their hands, with long words."""
    mine, hers = (
        appeal_refused(
            checked_and_refused(of, long=True)[1].pk, artist=of, text=f"{LONG_WORD * 3} " * 9
        )
        for of in (artist, other_artist)
    )
    claiming.claim(review=hers.review, reviewer=artist)
    thread.write(appeal=hers, author=artist, text=LONG_WORD * 4)
    return [mine.get_absolute_url(), f"/reviews/{hers.review.pk}/prompt/"]


def _review(
    reviewer: Artist,
    artist: Artist,
    make_work: Callable[..., Generation],
    make_submission: Callable[..., Submission],
) -> str:
    """A flagged clip of a set, in hand: with notes, and with an earlier version."""
    first = make_submission(make_work(artist), title=LONG_WORD * 3)
    submission = make_submission(make_work(artist, parent=first.generation), title=LONG_WORD * 3)
    together = SubmissionSet.objects.create(artist=artist, title=LONG_WORD * 3)
    Submission.objects.filter(pk__in=[first.pk, submission.pk]).update(set=together)
    Review.objects.filter(submission=submission).update(is_flagged=True)
    claim(submission=submission, reviewer=reviewer)
    for words in (LONG_WORD * 8, f"{LONG_WORD} " * 8):
        pin(
            submission=submission,
            author=reviewer,
            first_frame=3,
            last_frame=9,
            text=words,
            drawing=[[[0, 0], [1, 1]]],
        )
    return submission.review.get_absolute_url()


def _public_pages(
    artist: Artist,
    other: Artist,
    make_work: Callable[..., Generation],
    make_share: Callable[..., Share],
) -> list[str]:
    """What is shared in every way, under long words, and the pages on which that is chosen."""
    words = {"title": LONG_WORD * 3, "credit_name": LONG_WORD * 2}
    shown, locked, over = (make_share(**words) for _ in range(3))
    Share.objects.filter(pk=shown.pk).update(allows_download=True, expires_at=FAR_AWAY)
    Share.objects.filter(pk=locked.pk).update(password="hashed")
    withdraw(over, artist=artist)
    for back in range(30):
        ViewCount.objects.create(
            share=shown, day=programme_day() - timedelta(days=back), views=back + 1
        )
    rights = Ground.objects.get(code="rights")
    of_hers = make_report(shown, ground=rights, text="x" * 300)
    of_theirs = make_report(make_share(make_work(other)), ground=rights, text="x" * 300)
    Artist.objects.filter(pk=artist.pk).update(links=[f"https://art.example/{'a' * 150}"])
    save_portfolio(
        artist,
        address="a" * 40,
        is_open=True,
        shows_links=True,
        is_findable=False,
        shares=[shown.pk],
    )
    return [
        "/gallery/",
        "/portfolio/",
        f"/s/{of_hers.share.slug}/report/",
        f"/reviews/{of_theirs.review_id}/reported/",
        f"/artists/{'a' * 40}/",
        over.get_absolute_url(),
        *(
            f"{share.get_absolute_url()}{page}"
            for share in (shown, locked)
            for page in ("", "sharing/", "embed/")
        ),
    ]


def _admissions(manager: Artist) -> list[str]:
    """The pages of admissions, with long words, a double, and each kind of thing in them."""
    cohort = Cohort.objects.get()
    open_round = make_round(cohort, name=LONG_WORD)
    first, second = (
        make_application(open_round, name=LONG_WORD, would_make=f"{LONG_WORD} " * 20)
        for _ in range(2)
    )
    scores = [
        Score(criterion=criterion, points=4, comment=LONG_WORD * 8) for criterion in Score.Criterion
    ]
    score(application=first, reader=manager, scores=scores)
    decide(application=second, verdict=Verdict.ACCEPT, by=manager)
    invite(email=f"{LONG_WORD}@example.org", cohort=cohort, invited_by=manager)
    of_hers = secret_of(first.link_nonce, purpose=APPLICATION)
    pages = ["", f"{first.pk}/", "rounds/", "rounds/new/", f"rounds/{open_round.pk}/"]
    pages += ["invitations/", "cohorts/", "cohorts/new/", f"cohorts/{cohort.pk}/", "letters/"]
    pages += ["letters/accepted/"]
    return [
        *(f"/admissions/{page}" for page in pages),
        f"/apply/{open_round.pk}/",
        f"/application/{of_hers}/",
    ]


ALL_IS_STILL = """async () => {  // what fades may let what lies in it fade in its turn
  for (let calm = 0; calm < 3; ) {
    await new Promise(requestAnimationFrame);
    const fades = document.getAnimations().some((one) => one instanceof CSSTransition);
    calm = fades ? 0 : calm + 1;
  }
}"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]  # rules of axe
VISITORS = ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"]


def test_no_page_breaks_a_rule_of_accessibility(page: Page, addresses: list[str]) -> None:
    """Every rule in the light; in the dark those of colour again, which alone it changes."""
    broken = {}
    for address in [*addresses, *VISITORS]:
        if address in VISITORS:
            page.context.clear_cookies()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(address)
        every = Axe().run(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.evaluate(ALL_IS_STILL)
        dark = Axe().run(page, options={"runOnly": OF_COLOUR})
        reports = [one.generate_report() for one in (every, dark) if one.violations_count]
        if reports:
            broken[address] = reports

    assert broken == {}


def test_no_page_is_wider_than_its_window(page: Page, addresses: list[str]) -> None:
    too_wide = []
    for address in addresses:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            shown = page.evaluate("document.documentElement.scrollWidth")
            if shown > width:
                too_wide.append((address, width, shown))

    assert too_wide == []


@pytest.fixture
def phone(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A telephone, on which who has `page` is signed in."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(
        base_url=live_server.url,
        storage_state=page.context.storage_state(),
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        has_touch=True,
        is_mobile=True,
    )
    yield context.new_page()
    context.close()


def test_a_finger_has_44_px_on_every_page(phone: Page, addresses: list[str]) -> None:
    too_small = {}
    for address in addresses:
        phone.goto(address)
        found = phone.evaluate(PRESSED, FINGER)
        if found:
            too_small[address] = found

    assert too_small == {}


def test_on_a_phone_lists_of_the_dashboard_and_of_quotas_are_read_without_moving_them(
    phone: Page, addresses: list[str]
) -> None:
    moved = []
    for address in [one for one in addresses if one.startswith(("/dashboard/", "/quotas/"))]:
        phone.goto(address)
        for width, shown in phone.evaluate(LISTS):
            if width > shown:
                moved.append((address, width, shown))

    assert moved == []


def test_on_a_phone_a_row_of_the_ledger_takes_few_lines(phone: Page, addresses: list[str]) -> None:
    phone.goto("/quotas/programme/")
    rows = phone.locator(".is-compact tbody tr")

    heights = rows.evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")

    assert len(heights) > 2
    assert sorted(heights)[len(heights) // 2] < 140


@pytest.mark.parametrize("address", ["/dashboard/tokens/", "/quotas/programme/"])
def test_on_a_phone_rows_that_are_cards_are_read_aloud_as_a_table(
    phone: Page, addresses: list[str], address: str
) -> None:
    phone.goto(address)
    tree = phone.context.new_cdp_session(phone).send("Accessibility.getFullAXTree")["nodes"]
    read = Counter(node["role"]["value"] for node in tree if not node["ignored"])
    shown = Counter(
        {
            role: phone.locator(f".list-table {tag}").count()
            for role, tag in {"row": "tr", "columnheader": "th", "cell": "td"}.items()
        }
    )

    assert read["table"] == phone.locator(".list-table").count() > 0
    assert {role: read[role] for role in shown} == shown


@pytest.mark.parametrize("address", ["/dashboard/tokens/", "/reviews/?flagged=on&mine=on"])
def test_on_a_phone_a_row_of_places_shows_where_one_is(
    phone: Page, addresses: list[str], address: str
) -> None:
    phone.goto(address)

    row, here = (
        phone.locator(where).bounding_box() for where in (".sub-nav", ".sub-nav [aria-current]")
    )
    assert row
    assert here
    assert row["x"] - 1 <= here["x"]
    assert here["x"] + here["width"] <= row["x"] + row["width"] + 1


@pytest.mark.parametrize("address", ["/create/", "/profile/", "/tokens/"])
def test_what_the_keyboard_reaches_is_hidden_by_no_header_or_tabs(
    phone: Page, video_model: VideoModel, address: str
) -> None:
    phone.goto(address)
    hidden = []
    for key in ["Tab"] * 30 + ["Shift+Tab"] * 30:
        phone.keyboard.press(key)
        hidden.append(phone.evaluate(IN_SIGHT))

    assert [one for one in hidden if one] == []


def test_the_keyboard_leads_past_the_header_to_the_content(page: Page) -> None:
    page.goto("/works/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
