"""Grounds are published in versions that never change, and replies rest on them."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.grounds import services
from generations.grounds.errors import GroundChanged, GroundTaken, LastGround
from generations.models import Ground, ReplyTemplate, Submission
from portal.audit import Event, record
from tests.generations.reviews.acting import claim, decide
from tests.locking import while_another

WORDS: dict[str, Any] = {
    "title": "Faces",
    "text": "Nobody’s **face** without leave.",
    "examples": "- A mask: no.",
}


def test_a_new_version_takes_the_place_of_the_one_before(manager: Artist, ground: Ground) -> None:
    new = services.publish(code="", **WORDS, needs_two_reviewers=True, by=manager, follows=ground)

    assert (new.code, new.version, new.position) == ("rights", 2, ground.position)
    assert list(Ground.objects.in_force().filter(code="rights")) == [new]
    event = Event.objects.get(verb="ground.published")
    assert (event.actor_id, event.facts["version"]) == (manager.pk, 2)


def test_of_two_new_versions_of_one_the_first_counts(manager: Artist, ground: Ground) -> None:
    facts: dict[str, Any] = {
        "code": "",
        **WORDS,
        "needs_two_reviewers": False,
        "by": manager,
        "follows": ground,
    }
    services.publish(**facts)

    with pytest.raises(GroundChanged):
        services.publish(**facts)


def test_a_name_is_taken_once(manager: Artist, ground: Ground) -> None:
    with pytest.raises(GroundTaken):
        services.publish(code="rights", **WORDS, needs_two_reviewers=False, by=manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_name_at_once_one_has_it(manager: Artist, ground: Ground) -> None:
    def publish() -> Ground:
        return services.publish(code="faces", **WORDS, needs_two_reviewers=False, by=manager)

    with pytest.raises(GroundTaken):
        while_another(publish, publish)

    assert Ground.objects.filter(code="faces").count() == 1


@pytest.mark.parametrize("column", ["title", "text", "examples", "code"])
def test_the_database_keeps_a_published_ground_as_it_is(column: str, ground: Ground) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Ground.objects.filter(pk=ground.pk).update(**{column: "otherwise"})


def test_the_last_ground_is_not_retired(manager: Artist, ground: Ground) -> None:
    for other in Ground.objects.in_force().exclude(pk=ground.pk):
        services.retire(other, by=manager)

    with pytest.raises(LastGround):
        services.retire(ground, by=manager)


def test_a_decision_goes_on_naming_the_version_it_was_made_on(
    client: Client, submission: Submission, reviewer: Artist, manager: Artist, ground: Ground
) -> None:
    claim(submission=submission, reviewer=reviewer)
    decision = decide(
        submission=submission, reviewer=reviewer, outcome="reject", ground=ground, reason="Whose?"
    )
    services.publish(code="", **WORDS, needs_two_reviewers=False, by=manager, follows=ground)

    decision.refresh_from_db()
    old = client.get(reverse("generations:ground", args=["rights", 1])).content.decode()
    new = client.get(reverse("generations:ground", args=["rights", 2])).content.decode()

    assert decision.ground == ground
    assert "Replaced or retired" in old
    assert "<strong>face</strong>" in new
    assert "In force" in new


def test_a_manager_publishes_orders_and_retires_on_the_page(
    client: Client, manager: Artist, ground: Ground
) -> None:
    client.force_login(manager)

    client.post(
        reverse("generations:new_ground"), {"code": "faces", **WORDS, "needs_two_reviewers": "on"}
    )
    made = Ground.objects.get(code="faces")
    client.post(reverse("generations:move_ground", args=[made.pk]))
    codes = list(Ground.objects.in_force().values_list("code", flat=True))
    client.post(reverse("generations:retire_ground", args=[made.pk]))

    assert codes == ["safety", "legal", "rights", "faces", "confidentiality"]
    assert made.needs_two_reviewers
    assert not Ground.objects.in_force().filter(code="faces").exists()


def test_what_is_wrong_comes_back_with_what_was_typed(client: Client, manager: Artist) -> None:
    client.force_login(manager)

    answer = client.post(reverse("generations:new_ground"), {"code": "faces", "title": "Faces"})

    assert answer.status_code == 400
    assert 'value="Faces"' in answer.content.decode()


def test_a_ground_moves_past_what_stands_before_it_now(manager: Artist, ground: Ground) -> None:
    """Of two who move at once, the second may have read the list before the first moved."""
    first, second, third = Ground.objects.in_force()[:3]
    services.move_up(third, by=manager)

    services.move_up(second, by=manager)

    assert list(Ground.objects.in_force()[:3]) == [first, second, third]


def test_replies_are_written_changed_and_removed(client: Client, manager: Artist) -> None:
    client.force_login(manager)
    said = {"name": "Face", "outcome": "reject", "ground_code": "rights", "text": "It is {whose}."}

    client.post(reverse("generations:new_reply"), said)
    reply = ReplyTemplate.objects.get()
    client.post(reverse("generations:edit_reply", args=[reply.pk]), said | {"name": "Faces"})
    reply.refresh_from_db()
    client.post(reverse("generations:remove_reply", args=[reply.pk]))

    assert (reply.name, reply.text) == ("Faces", "It is {whose}.")
    assert not ReplyTemplate.objects.exists()
    verbs = Event.objects.filter(verb__startswith="reply.").values_list("verb", flat=True)
    assert sorted(verbs) == ["reply.removed", "reply.saved", "reply.saved"]


@pytest.mark.django_db(transaction=True)
def test_of_one_who_saves_a_reply_and_one_who_removes_it_neither_ends_the_other(
    client: Client, manager: Artist
) -> None:
    """I6: the head of the audit trail is locked last."""
    reply = ReplyTemplate.objects.create(name="Face", text="Whose?")

    while_another(
        lambda: services.remove_reply(reply, by=manager),
        lambda: ReplyTemplate.objects.filter(pk=reply.pk).update(name="Faces"),
        lambda: record("reply.saved", actor=manager, subject=reply),
    )

    assert not ReplyTemplate.objects.exists()
    verbs = list(Event.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["reply.saved", "reply.removed"]


def test_a_reply_is_removed_once(manager: Artist) -> None:
    reply = ReplyTemplate.objects.create(name="Face", text="Whose?")

    for _ in range(2):
        services.remove_reply(reply, by=manager)

    assert Event.objects.filter(verb="reply.removed").count() == 1
