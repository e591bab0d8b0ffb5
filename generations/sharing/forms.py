"""What an artist says about a work that is to be shared, and what a manager says to end it."""

from typing import Any

from django import forms

from artists.models import Artist
from generations.models import Generation, Ground, Submission
from generations.sharing.amending import AMENDED
from generations.sharing.sets import WORKS_AT_MOST
from portal.texts import (
    NameField,
    refuse_all_but_line_breaks,
    refuse_control_characters,
    refuse_unseen,
)

HOW_MANY = f"Choose from 2 to {WORKS_AT_MOST} clips."
FILE_CHOICES = ("file_has_name", "file_has_prompt", "file_allows_training")


class SubmissionForm(forms.ModelForm):
    credit_name = NameField(
        label="Credit",
        max_length=80,
        help_text="The name that the public page shows.",
        error_messages={"required": "Give the name that the public page is to show."},
    )

    class Meta:
        model = Submission
        fields = ["title", "credit_name", "show_prompt", "destination", "note", *FILE_CHOICES]
        labels = {
            "show_prompt": "Show the prompt on the public page",
            "destination": "Where it is meant to go",
            "note": "Note to the reviewer",
        }
        help_texts = {
            "destination": "A festival, a feed, a client … Only reviewers read it.",
            "note": "Only reviewers read it.",
        }
        error_messages = {"title": {"required": "Give it a title."}}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        for name in ("title", "destination"):
            if name in self.fields:
                self.fields[name].validators.append(refuse_control_characters)
        if "title" in self.fields:
            self.fields["title"].validators.append(refuse_unseen)
        self.fields["note"].validators.append(refuse_all_but_line_breaks)

    @property
    def words(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in FILE_CHOICES]

    @property
    def file_choices(self) -> list[forms.BoundField]:
        return [self[name] for name in FILE_CHOICES]

    @classmethod
    def for_work(cls, generation: Generation) -> "SubmissionForm":
        """Return an empty form, filled in from the last submission of the work, if there is one."""
        last = Submission.objects.filter(generation=generation).order_by("-pk").first()
        if last is None:
            usual = forms.model_to_dict(generation.artist, fields=["credit_name", *FILE_CHOICES])
            return cls(initial=usual)
        return cls(initial=forms.model_to_dict(last, fields=cls._meta.fields))


class AmendForm(SubmissionForm):
    """What may still be said otherwise before anybody reviews it."""

    class Meta(SubmissionForm.Meta):
        fields = list(AMENDED)


class WorksField(forms.ModelMultipleChoiceField):
    """Works to tick, each shown by the template that lists them."""

    def label_from_instance(self, obj: Generation) -> str:
        return obj.prompt


class SetForm(SubmissionForm):
    """Several works of one artist, with what is said of all of them."""

    works = WorksField(
        Generation.objects.none(),
        label="Clips",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": HOW_MANY},
    )

    def __init__(self, *args: object, artist: Artist, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["works"]
        field.queryset = Generation.objects.shareable_by(artist).order_by("-pk")

    def clean_works(self) -> list[Generation]:
        works = list(self.cleaned_data["works"])
        if not 2 <= len(works) <= WORKS_AT_MOST:
            raise forms.ValidationError(HOW_MANY)
        return works

    @property
    def words(self) -> list[forms.BoundField]:
        return [field for field in super().words if field.name != "works"]


class TakeDownForm(forms.Form):
    ground = forms.ModelChoiceField(
        Ground.objects.in_force(),
        empty_label="Choose a ground",
        error_messages={"required": "Choose the ground that this rests on."},
    )
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the artist.",
        error_messages={"required": "Tell the artist why."},
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": "Type the password that you were told."},
    )
