"""What a reviewer pins to a frame."""

from typing import Any

from django import forms

from generations.models import Note, Rendition
from generations.notes.drawing import DrawingField
from portal.texts import refuse_all_but_line_breaks

FRAMES_MAX = 2**31 - 1


class NoteForm(forms.Form):
    """A note on a clip. Without a last frame it is on the first alone."""

    first_frame = forms.IntegerField(label="From frame", min_value=0, max_value=FRAMES_MAX)
    last_frame = forms.IntegerField(
        label="to frame", min_value=0, max_value=FRAMES_MAX, required=False
    )
    text = forms.CharField(
        label="Note",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_all_but_line_breaks],
    )
    drawing = DrawingField(required=False)

    def __init__(self, *args: Any, clip: Rendition, note: Note | None = None, **more: Any) -> None:
        self.clip, self.note = clip, note
        if note is not None:
            facts = ("first_frame", "last_frame", "text", "drawing")
            more["initial"] = {name: getattr(note, name) for name in facts}
        more["auto_id"] = f"note-{note.pk if note else 'new'}-%s"
        super().__init__(*args, **more)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first_frame"), said.get("last_frame")
        if first is None:
            return said
        if last is None and "last_frame" not in self.errors:
            said["last_frame"] = last = first
        count = self.clip.frame_count
        if count is not None and max(first, last or 0) >= count:
            self.add_error("first_frame", f"The last frame of this clip is {count - 1}.")
        elif last is not None and last < first:
            self.add_error("last_frame", "A range ends at or after the frame where it begins.")
        return said
