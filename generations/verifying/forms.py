"""What somebody wants to have checked: a file, or the address of a public page."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat

SLUG = re.compile(r"(?:.*/s/)?([A-Za-z0-9_-]{1,16})/?", re.ASCII)


class FileForm(forms.Form):
    file = forms.FileField(
        label="Video file",
        widget=forms.FileInput(attrs={"accept": "video/mp4,video/quicktime,video/webm"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = filesizeformat(settings.VERIFY_MAX_BYTES)
        self.fields[
            "file"
        ].help_text = f"MP4, MOV or WebM, {most} at most. It is looked at once and not kept."


class AddressForm(forms.Form):
    address = forms.CharField(
        label="Address of a public page", max_length=200, help_text="As it stands in the browser."
    )

    def clean_address(self) -> str:
        """Return the slug of the share that is meant."""
        found = SLUG.fullmatch(self.cleaned_data["address"].partition("?")[0].strip())
        if found is None:
            raise forms.ValidationError("This is no address of a public page here.")
        return found[1]
