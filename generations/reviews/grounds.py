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
    ),
    (
        "legal",
        "Law",
        "To publish the clip would break a law that binds the programme. The decision says which.",
    ),
    (
        "rights",
        "Rights of others",
        "The clip uses somebody's work, mark, face or voice without their leave, in a way that "
        "parody, quotation or another exception does not allow. The decision says whose.",
    ),
    (
        "confidentiality",
        "Unreleased features",
        "The clip, its title or its prompt gives away a feature of the programme that is not "
        "released and that the artist was asked to keep to themselves. The decision says which, "
        "and what to change. An opinion about the programme gives nothing away.",
    ),
]


def publish_first_list(*, using: str, apps: Apps = installed, **_: Any) -> None:
    """Put version 1 of the list in place where it is missing, after a migration or a flush."""
    try:
        ground = apps.get_model("generations", "Ground")
    except LookupError:
        return  # migrated back to before there were grounds
    for position, (code, title, text) in enumerate(FIRST_LIST, start=1):
        ground._default_manager.using(using).get_or_create(
            code=code,
            version=1,
            defaults={"title": title, "text": text, "position": position},
        )
