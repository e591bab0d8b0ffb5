"""Letters in plain text, from a pair of templates."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def plain_letter(name: str, facts: Mapping[str, Any], *, to: str) -> EmailMessage:
    """Return the letter that the templates `name`_subject.txt and `name`.txt make of the facts.

    They know the name of the programme too. It is not sent yet.
    """
    known = {"programme_name": settings.PROGRAMME_NAME, **facts}
    subject = " ".join(render_to_string(f"{name}_subject.txt", known).split())
    return EmailMessage(subject, render_to_string(f"{name}.txt", known), to=[to])
