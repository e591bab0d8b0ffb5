"""What pages with forms have in common."""

from http import HTTPStatus
from typing import Any

from django import forms


def status_of(*shown: forms.BaseForm | None) -> HTTPStatus:
    """The status of a page that shows forms: 400 where what was sent cannot be taken."""
    is_wrong = any(form is not None and form.errors for form in shown)
    return HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK


class MomentField(forms.DateTimeField):
    """A moment in the time zone of the page, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)
