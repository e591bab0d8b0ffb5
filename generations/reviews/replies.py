"""Reply templates, as a reviewer picks one."""

from dataclasses import dataclass

from generations.models import Ground, ReplyTemplate


@dataclass(frozen=True)
class Reply:
    """A template with the ground that it rests on now; None where it names none in force."""

    template: ReplyTemplate
    ground_id: int | None


def reply_templates() -> list[Reply]:
    in_force = dict(Ground.objects.in_force().values_list("code", "pk"))
    templates = ReplyTemplate.objects.all()
    return [Reply(one, in_force.get(one.ground_code)) for one in templates]
