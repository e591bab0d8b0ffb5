"""What a manager sets of a cohort."""

from typing import Any

from django import forms

from artists.models import Cohort
from generations.models import VideoModel
from portal.people_fields import refuse_what_hides
from portal.texts import refuse_control_characters

NUMBER_MAX = 1_000_000_000
CAP_MAX = 1000


class ModelsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: VideoModel) -> str:
        return obj.title


class CohortForm(forms.ModelForm):
    video_models = ModelsField(
        VideoModel.objects.filter(is_enabled=True),
        label="Video models",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What its artists may choose. None ticked: all that are on offer.",
    )

    class Meta:
        model = Cohort
        fields = [
            "name",
            "starts_on",
            "ends_on",
            "places",
            "artist_day_credits",
            "artist_month_credits",
            "artist_total_credits",
            "running_cap",
            "queued_cap",
            "needs_two_reviewers",
        ]
        labels = {
            "starts_on": "First day",
            "ends_on": "Last day",
            "artist_day_credits": "Credits a day, for each artist",
            "artist_month_credits": "Credits a month",
            "artist_total_credits": "Credits in total",
            "running_cap": "Clips of one artist made at a time",
            "queued_cap": "Clips of one artist waiting at most",
        }
        error_messages = {
            "name": {
                "required": "Give the cohort a name.",
                "unique": "There is a cohort of this name already.",
            }
        }
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("starts_on", "ends_on")
        }

    def __init__(self, data: Any = None, *, instance: Cohort) -> None:
        super().__init__(data, instance=instance)
        self.fields["name"].validators += [refuse_control_characters, refuse_what_hides]
        for name, field in self.fields.items():
            if isinstance(field, forms.IntegerField):
                most = CAP_MAX if name.endswith("_cap") else NUMBER_MAX
                self.fields[name] = forms.IntegerField(
                    label=field.label,
                    required=field.required,
                    help_text=field.help_text,
                    min_value=0 if name.endswith("_credits") else 1,
                    max_value=most,
                )
        if instance.pk:
            self.initial["video_models"] = list(instance.video_models.all())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Let it end after it begins.")
        return given

    @property
    def changes(self) -> dict[str, object]:
        """What a valid form changes, for the audit trail."""
        names = [name for name in self.changed_data if name != "video_models"]
        return {name: self.cleaned_data[name] for name in names}

    def of_the_cohort(self) -> list[Any]:
        names = ("name", "starts_on", "ends_on", "places", "needs_two_reviewers")
        return [self[name] for name in names]

    def of_an_artist(self) -> list[Any]:
        names = ("artist_day_credits", "artist_month_credits", "artist_total_credits")
        return [self[name] for name in (*names, "running_cap", "queued_cap")]
