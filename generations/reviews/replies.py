"""Reply templates, as a reviewer picks one."""

from collections.abc import Iterable
from dataclasses import dataclass

from generations.models import Ground, ReplyTemplate


@dataclass(frozen=True)
class Reply:
    """A template with the ground that it rests on now; None where it names none in force."""

    template: ReplyTemplate
    ground_id: int | None


def reply_templates(grounds: Iterable[Ground]) -> list[Reply]:
    """All of them; `grounds` are those in force."""
    in_force = {ground.code: ground.pk for ground in grounds}
    templates = ReplyTemplate.objects.all()
    return [Reply(one, in_force.get(one.ground_code)) for one in templates]
