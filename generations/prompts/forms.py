"""The page on which a prompt is written."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from artists.models import Artist
from generations.media.images import read_first_image
from generations.models import Generation, VideoModel
from generations.prompts.cleaning import PROMPT_MAX_CHARS, clean_prompt
from generations.prompts.offer import reading_order, say_size
from generations.prompts.services import SEED_BELOW
from portal.images import BadImage


class ModelChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: VideoModel) -> str:
        return obj.title


class ChoicesForm(forms.Form):
    """What can be chosen: the options of style, size and length are those of the video model."""

    model = ModelChoiceField(
        VideoModel.objects.none(),
        label="Video model",
        to_field_name="name",
        empty_label=None,
        widget=forms.RadioSelect,
    )
    style = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    size = forms.ChoiceField(widget=forms.RadioSelect)
    duration_seconds = forms.TypedChoiceField(label="Length", coerce=int, widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, files: Any = None, *, artist: Artist, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        offered = VideoModel.objects.offered_to(artist).select_related("successor")
        offered = offered.prefetch_related("rates")
        self.models = {model.name: model for model in offered}
        self.fields["model"].queryset = offered  # type: ignore[attr-defined]
        wanted = (self.data if self.is_bound else self.initial).get("model")
        self.video_model = self.models.get(str(wanted)) or next(iter(self.models.values()), None)
        if self.video_model is None:
            return
        self.initial["model"] = self.video_model.name
        self._offer("style", [(style, style.capitalize()) for style in self.video_model.styles])
        sizes = sorted(self.video_model.sizes, key=reading_order)
        self._offer("size", [(size, say_size(size)) for size in sizes])
        durations = self.video_model.durations
        self._offer("duration_seconds", [(value, f"{value} s") for value in durations])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        offered = [str(value) for value, _ in choices]
        if str(self.initial.get(name, "")) not in offered:
            self.initial[name] = offered[0] if offered else ""


class PromptForm(ChoicesForm):
    """A whole prompt. Each page has a nonce, so that one page that is sent twice makes one clip."""

    nonce = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    prompt = forms.CharField(
        max_length=PROMPT_MAX_CHARS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        error_messages={"required": "Say what the video should show."},
    )
    seed = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=SEED_BELOW - 1,
        help_text="The same seed with the same words makes the same clip. Empty draws one.",
    )
    first_image = forms.FileField(
        required=False,
        help_text="PNG, JPEG or WebP: the clip begins with it.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, *args: Any, parent: Generation | None = None, **kwargs: Any) -> None:
        if parent is not None:
            kwargs["initial"] = {
                "model": parent.video_model.name,
                "prompt": parent.prompt,
                "style": parent.style,
                "size": parent.size,
                "duration_seconds": parent.duration_seconds,
                "seed": parent.seed,
            }
        super().__init__(*args, **kwargs)
        if self.video_model is None or not self.video_model.takes_first_image:
            del self.fields["first_image"]

    def clean_nonce(self) -> UUID:
        nonce: UUID | None = self.cleaned_data["nonce"]
        return nonce or uuid4()

    def clean_prompt(self) -> str:
        return clean_prompt(self.cleaned_data["prompt"])

    def clean_first_image(self) -> "ContentFile[bytes] | None":
        upload: UploadedFile | None = self.cleaned_data["first_image"]
        if upload is None:
            return None
        try:
            return read_first_image(upload)
        except BadImage as refusal:
            raise forms.ValidationError(refusal.message) from refusal
