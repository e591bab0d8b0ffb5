"""The published list: new grounds, new versions of them, their retirement; and replies."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from artists.models import Artist
from generations.grounds.errors import GroundChanged, GroundTaken, LastGround
from generations.grounds.forms import ReplyForm
from generations.models import Ground, ReplyTemplate
from portal import audit


@transaction.atomic
def publish(
    *,
    code: str,
    title: str,
    text: str,
    examples: str,
    needs_two_reviewers: bool,
    by: Artist,
    follows: Ground | None = None,
) -> Ground:
    """Publish a new ground, or the version that follows another, which retires that one.

    Decisions go on naming the version they were made on. Raises GroundTaken, GroundChanged.
    """
    now = timezone.now()
    if follows is None:
        version, position = 1, _last_position() + 1
    else:
        if not Ground.objects.in_force().filter(pk=follows.pk).update(retired_at=now):
            raise GroundChanged
        code, position = follows.code, follows.position
        version = follows.version + 1
    try:
        with transaction.atomic():
            ground = Ground.objects.create(
                code=code,
                version=version,
                title=title,
                text=text,
                examples=examples,
                needs_two_reviewers=needs_two_reviewers,
                position=position,
                published_by=by,
            )
    except IntegrityError as error:  # a version is one of its code
        raise GroundTaken from error
    facts = {"code": code, "version": version, "needs_two_reviewers": needs_two_reviewers}
    audit.record("ground.published", actor=by, subject=ground, facts=facts)
    return ground


@transaction.atomic
def retire(ground: Ground, *, by: Artist) -> None:
    """Let nothing new rest on a ground. Raises GroundChanged, LastGround."""
    in_force = list(Ground.objects.in_force().select_for_update().values_list("pk", flat=True))
    if ground.pk not in in_force:
        raise GroundChanged
    if len(in_force) == 1:
        raise LastGround
    Ground.objects.filter(pk=ground.pk).update(retired_at=timezone.now())
    facts = {"code": ground.code, "version": ground.version}
    audit.record("ground.retired", actor=by, subject=ground, facts=facts)


@transaction.atomic
def move_up(ground: Ground, *, by: Artist) -> None:
    """Change places with the ground that stands before it in the list now, if one does."""
    listed = list(Ground.objects.in_force().select_for_update(no_key=True))
    place = next((place for place, one in enumerate(listed) if one.pk == ground.pk), 0)
    if place == 0:
        return
    before, moved = listed[place - 1], listed[place]
    before.position, moved.position = moved.position, before.position
    Ground.objects.bulk_update([before, moved], ["position"])
    facts = {"code": moved.code, "position": moved.position}
    audit.record("ground.moved", actor=by, subject=ground, facts=facts)


@transaction.atomic
def save_reply(form: ReplyForm, *, by: Artist) -> ReplyTemplate:
    """Keep a reply that passed its form, a new one or one that is changed."""
    reply: ReplyTemplate = form.save()
    audit.record("reply.saved", actor=by, subject=reply)
    return reply


@transaction.atomic
def remove_reply(reply: ReplyTemplate, *, by: Artist) -> None:
    """Remove a reply; of two who do so at once, one did."""
    if ReplyTemplate.objects.filter(pk=reply.pk).delete()[0]:
        audit.record("reply.removed", actor=by, subject=reply)


def _last_position() -> int:
    return Ground.objects.aggregate(last=Max("position"))["last"] or 0
