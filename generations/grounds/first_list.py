"""The published list of grounds, as a programme begins with it."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps

FIRST_LIST = [
    (
        "safety",
        "Safety",
        "The clip sexualises minors, shows sexual acts or cruelty for their own sake, urges or "
        "teaches violence or self-harm, or attacks people for what they are. To show a hard "
        "subject is no such thing: what counts is what the clip does with it.",
        "- **Falls under it:** a clip in which a child is shown as an object of desire; a "
        "step by step guide to hurting oneself; a crowd called to attack a group of people.\n"
        "- **Does not:** grief, war, blood in a story, a nude, a political argument, however "
        "sharp.",
    ),
    (
        "legal",
        "Law",
        "To publish the clip would break a law that binds the programme. The decision says which.",
        "- **Falls under it:** a symbol whose public display is a crime where the programme "
        "has its seat; a clip that a court has forbidden.\n"
        "- **Does not:** what is lawful and makes somebody uneasy.",
    ),
    (
        "rights",
        "Rights of others",
        "The clip uses somebody's work, mark, face or voice without their leave, in a way that "
        "parody, quotation or another exception does not allow. The decision says whose.",
        "- **Falls under it:** a living person's face, recognisable and without leave; a "
        "studio's character in the middle of the picture; another artist's film, shot for "
        "shot.\n"
        "- **Does not:** a style, a genre, a parody, a quotation that is one, a public building.",
    ),
    (
        "confidentiality",
        "Unreleased features",
        "The clip, its title or its prompt gives away a feature of the programme that is not "
        "released and that the artist was asked to keep to themselves. The decision says which, "
        "and what to change. An opinion about the programme gives nothing away.",
        "- **Falls under it:** the name of a video model that is not announced, in a title; a"
        " size or length that only unreleased software makes, named as such.\n"
        "- **Does not:** saying that one takes part, what one thinks of the programme or the "
        "lab, or how one was treated. Criticism is never a ground.",
    ),
]


def publish_first_list(*, using: str, apps: Apps = installed, **_: Any) -> None:
    """Put version 1 of the list in place where it is missing, after a migration or a flush."""
    try:
        ground = apps.get_model("generations", "Ground")
    except LookupError:
        return  # migrated back to before there were grounds
    for position, (code, title, text, examples) in enumerate(FIRST_LIST, start=1):
        ground._default_manager.using(using).get_or_create(
            code=code,
            version=1,
            defaults={
                "title": title,
                "text": text,
                "position": position,
            }
            | ({"examples": examples} if _has_examples(ground) else {}),
        )


def _has_examples(ground: Any) -> bool:
    """False while the database is migrated to a state in which grounds had none."""
    return any(field.name == "examples" for field in ground._meta.get_fields())
