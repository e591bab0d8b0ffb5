"""The words of a letter, as a manager writes them."""

from typing import Any

from django import forms

from artists.letters.catalogue import CATALOGUE
from artists.letters.rendering import complain_about
from artists.models import LetterKind
from portal.people_fields import LineField, ProseField

BODY_MAX_CHARS = 5000


class WordsForm(forms.Form):
    subject = LineField(max_length=200)
    body = ProseField(
        label="Text",
        max_length=BODY_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="An empty line begins a paragraph. Links can be clicked on by themselves.",
    )

    def __init__(self, data: Any = None, *, kind: LetterKind, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind

    def clean_subject(self) -> str:
        return self._checked("subject", needed=frozenset())

    def clean_body(self) -> str:
        return self._checked("body", needed=CATALOGUE[self.kind].needed)

    def _checked(self, name: str, *, needed: frozenset[str]) -> str:
        words: str = self.cleaned_data[name]
        if complaint := complain_about(words, kind=self.kind, needed=needed):
            raise forms.ValidationError(complaint)
        return words
