"""What pages with forms have in common."""

from http import HTTPStatus
from typing import Any

from django import forms


def status_of(form: forms.BaseForm) -> HTTPStatus:
    """The status of a page that shows a form: 400 where what was sent cannot be taken."""
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


class MomentField(forms.DateTimeField):
    """A moment in the time zone of the page, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)
