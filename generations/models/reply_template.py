"""Words that reviewers need again and again."""

import re

from django.db import models

GAP = re.compile(r"\{[^{}\n]{1,40}\}")  # {whose}: to be filled in before the words are sent


class ReplyTemplate(models.Model):
    """Words for the artist, with gaps such as {whose} that a reviewer fills in each time."""

    name = models.CharField(max_length=80, unique=True)
    outcome = models.CharField(
        max_length=7, choices=[("changes", "Ask for changes"), ("reject", "Reject")]
    )
    ground_code = models.SlugField(
        max_length=40, blank=True, help_text="The ground it belongs to, in whatever version."
    )
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        permissions = [("change_grounds", "Can publish grounds and write reply templates")]

    def __str__(self) -> str:
        return self.name


def gaps_in(text: str) -> list[str]:
    """The gaps that are still to be filled, each once, in their order."""
    return list(dict.fromkeys(GAP.findall(text)))
