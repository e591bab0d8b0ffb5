"""Every page of the rooms of reviews stands in one table: the event that its act leaves (I10).

What leaves none says why: it is no act on another's work or access.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.appeals.refused import appeal_refused
from generations.checks.writing import make_rule
from generations.models import (
    Appeal,
    CheckRule,
    Ground,
    Note,
    RefusedPrompt,
    ReplyTemplate,
    Review,
    Share,
    Submission,
)
from generations.notes.services import pin
from generations.reports.services import make_report
from generations.reviews import claiming, deciding
from generations.urls import pages
from portal.audit import Event
from tests.generations.appeals.fixtures import MakeAppeal, MakeRefusal
from tests.generations.checks.rows import checked_and_refused, wording
from tests.generations.checks.test_pages import thresholds, written
from tests.generations.notes.test_notes import sent
from tests.generations.promise.test_setting import asked
from tests.generations.sharing.fixtures import MakeShare, MakeSubmission

ROOMS = (
    *("appeals", "checks", "gallery", "grounds", "judging", "notes", "portfolios", "promise"),
    *("reports", "reviews", "sharing", "veil"),
)
OWN_WORK = "it is one's own work, and nobody else sees it yet"
OWN_SETTING = "it changes what oneself sees alone"
VISITOR = "a visitor has no account, and where they came from is not kept"
READ = "it shows something, and takes no POST"
NOTHING = {
    "withdraw_submission": OWN_WORK,
    "amend": OWN_WORK,
    "submit_set": OWN_WORK,
    "appeal_write": "it is a message to whoever decides on one's own appeal",
    "my_portfolio": "it is one's own page, of shares that were approved",
    "save_view": OWN_SETTING,
    "rename_view": OWN_SETTING,
    "remove_view": OWN_SETTING,
    "how_i_review": OWN_SETTING,
    "renew": "it changes nothing for anybody else: the claim was one's own already",
    "report": VISITOR,
    "unlock": VISITOR,
    **dict.fromkeys(
        (
            *("share", "share_embed", "share_download", "share_file", "oembed", "gallery"),
            *("artist_portfolio", "appeal", "overturned", "refused_prompts", "checks"),
            *("grounds", "ground", "manage_grounds", "queue", "review", "review_ahead"),
            *("review_first_image", "review_file"),
        ),
        READ,
    ),
}


class Act(NamedTuple):
    """What somebody does, with what it leaves in the trail: `on` makes it, and gives its keys."""

    verb: str
    by: str
    on: Callable[["Scene"], list[Any]]
    data: Callable[[], dict[str, Any]] = dict


class Scene:
    """What is there to be acted on, made as it is asked for."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._made = request.getfixturevalue

    def person(self, name: str) -> Artist:
        return self._made(name)

    def waiting(self) -> Review:
        make: MakeSubmission = self._made("make_submission")
        return make().review

    def held(self, review: Review | None = None, by: str = "reviewer") -> Review:
        return claiming.claim(review=review or self.waiting(), reviewer=self.person(by))

    def decided(self) -> Review:
        review = self.held()
        deciding.decide(review=review, reviewer=self.person("reviewer"), outcome="approve")
        return review

    def note(self) -> Note:
        review = self.held()
        assert review.submission
        said: dict[str, Any] = {"first_frame": 1, "last_frame": 2, "text": "Whose?", "drawing": []}
        return pin(submission=review.submission, author=self.person("reviewer"), **said)

    def share(self) -> Share:
        make: MakeShare = self._made("make_share")
        return make()

    def reported(self) -> Review:
        ground = Ground.objects.in_force().get(code="rights")
        report = make_report(self.share(), ground=ground, text="It is mine.")
        return self.held(report.review, by="second_reviewer")

    def refusal(self) -> Submission:
        make: MakeRefusal = self._made("make_refusal")
        return make()

    def appeal(self) -> Appeal:
        make: MakeAppeal = self._made("make_appeal")
        return make()

    def refused_prompt(self) -> RefusedPrompt:
        self._made("video_model")
        return checked_and_refused(self.person("artist"))[1]

    def about_prompt(self) -> Review:
        refused = self.refused_prompt()
        made = appeal_refused(refused.pk, artist=refused.artist, text="She died in 1852.")
        return self.held(made.review, by="second_reviewer")

    def ground(self) -> Ground:
        return Ground.objects.in_force().get(code="rights")

    def reply(self) -> ReplyTemplate:
        said = {"name": "Face", "outcome": "reject", "ground_code": "rights", "text": "Whose?"}
        return ReplyTemplate.objects.create(**said)

    def rule(self) -> CheckRule:
        return make_rule(wording(), by=self.person("manager"))


def of_note(scene: Scene) -> list[Any]:
    note = scene.note()
    return [note.submission.review.pk, note.pk]


def one_waits(scene: Scene) -> list[Any]:
    scene.waiting()
    return []


GROUND = {"title": "Faces", "text": "A face without leave.", "examples": "", "code": ""}
REPLY = {"name": "Faces", "outcome": "reject", "ground_code": "rights", "text": "Whose?"}
SHARED = {"in_gallery": "", "allows_download": "on", "shows_prompt": "on"}
TEXT = {"text": "It is my own face."}
APPROVE = {"outcome": "approve"}
ACTS = {
    "claim": Act("review.claimed", "reviewer", lambda s: [s.waiting().pk]),
    "next_review": Act("review.claimed", "reviewer", one_waits),
    "release": Act("review.released", "reviewer", lambda s: [s.held().pk]),
    "decide": Act("opinion.given", "reviewer", lambda s: [s.held().pk], lambda: APPROVE),
    "undo": Act("opinion.undone", "reviewer", lambda s: [s.decided().pk]),
    "reported": Act(
        *("opinion.given", "second_reviewer", lambda s: [s.reported().pk]),
        lambda: {"outcome": "dismiss"},
    ),
    "review_prompt": Act(
        *("opinion.given", "second_reviewer", lambda s: [s.about_prompt().pk]),
        lambda: {"outcome": "overturn"},
    ),
    "pin_note": Act("note.pinned", "reviewer", lambda s: [s.held().pk], sent),
    "change_note": Act("note.changed", "reviewer", of_note, sent),
    "remove_note": Act("note.removed", "reviewer", of_note),
    "appeal_write_to_artist": Act(
        *("appeal.written", "second_reviewer"),
        lambda s: [s.held(s.appeal().review, by="second_reviewer").pk],
        lambda: TEXT,
    ),
    "appeal_submission": Act("appeal.made", "artist", lambda s: [s.refusal().pk], lambda: TEXT),
    "refused_prompt": Act("appeal.made", "artist", lambda s: [s.refused_prompt().pk], lambda: TEXT),
    "appeal_withdraw": Act("appeal.withdrawn", "artist", lambda s: [s.appeal().pk]),
    "how_it_is_shared": Act("share.changed", "artist", lambda s: [s.share().slug], lambda: SHARED),
    "withdraw": Act("share.withdrawn", "artist", lambda s: [s.share().slug]),
    "take_down": Act(
        *("share.taken_down", "manager", lambda s: [s.share().slug]),
        lambda: {"ground": Ground.objects.in_force().get(code="rights").pk, "reason": "A face."},
    ),
    "new_ground": Act(
        "ground.published", "manager", lambda s: [], lambda: GROUND | {"code": "faces"}
    ),
    "edit_ground": Act("ground.published", "manager", lambda s: [s.ground().pk], lambda: GROUND),
    "retire_ground": Act("ground.retired", "manager", lambda s: [s.ground().pk]),
    "move_ground": Act("ground.moved", "manager", lambda s: [s.ground().pk]),
    "new_reply": Act("reply.saved", "manager", lambda s: [], lambda: REPLY),
    "edit_reply": Act("reply.saved", "manager", lambda s: [s.reply().pk], lambda: REPLY),
    "remove_reply": Act("reply.removed", "manager", lambda s: [s.reply().pk]),
    "set_promise": Act("promise.set", "manager", lambda s: [], lambda: asked(decide_days=4)),
    "new_check_rule": Act("check_rule.made", "manager", lambda s: [], written),
    "check_rule": Act(
        *("check_rule.changed", "manager", lambda s: [s.rule().number]),
        lambda: written(seen=1, action="flag"),
    ),
    "retire_check_rule": Act(
        "check_rule.retired", "manager", lambda s: [s.rule().number], lambda: {"seen": 1}
    ),
    "thresholds": Act("thresholds.set", "manager", lambda s: [], thresholds),
    "cohort_thresholds": Act(
        "thresholds.set", "manager", lambda s: [s.person("artist").cohort_id], thresholds
    ),
}


@pytest.fixture
def scene(request: pytest.FixtureRequest, db: None) -> Scene:
    return Scene(request)


def test_every_page_of_these_rooms_is_in_the_table() -> None:
    found = {
        str(page.name)
        for page in pages
        if inspect.unwrap(page.callback).__module__.startswith(
            tuple(f"generations.{room}." for room in ROOMS)
        )
    }
    named = [*ACTS, *NOTHING]

    assert sorted(found - set(named)) == []
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("name", ACTS)
def test_an_act_stands_in_the_trail_with_who_did_it(
    name: str, scene: Scene, client: Client
) -> None:
    """I10"""
    act = ACTS[name]
    actor, keys = scene.person(act.by), act.on(scene)
    before = Event.objects.count()
    client.force_login(actor)

    answer = client.post(reverse(f"generations:{name}", args=keys), act.data())

    new = Event.objects.order_by("sequence")[before:]
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert [(event.verb, event.actor_id) for event in new][:1] == [(act.verb, actor.pk)]


@pytest.mark.parametrize("name", [name for name, why in NOTHING.items() if why == READ])
def test_what_only_shows_takes_nothing(name: str, manager: Artist, client: Client) -> None:
    client.force_login(manager)
    page = next(page for page in pages if page.name == name)
    keys = {key: _sample(converter) for key, converter in page.pattern.converters.items()}

    assert client.post(reverse(f"generations:{name}", kwargs=keys)).status_code == 405


def _sample(converter: Any) -> Any:
    """Something that fits an address, of nothing that there is."""
    kind = type(converter).__name__
    nil = "00000000-0000-0000-0000-000000000000"
    return {"UUIDConverter": nil, "IntConverter": 1, "RenditionKindConverter": "master"}.get(
        kind, "none"
    )
