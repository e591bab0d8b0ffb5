"""What views and pages with forms have in common."""

from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from portal.errors import PortalError


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent, be it nothing at all; None where its page is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(*shown: forms.BaseForm | None) -> HTTPStatus:
    """The status of a page that shows forms: 400 where what was sent cannot be taken."""
    is_wrong = any(form is not None and form.errors for form in shown)
    return HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK


class RefusalsShownIn:
    """Inside, a refusal of these kinds, or of any, becomes an error of a form.

    It stands at the field that the refusal names, or above the form where there is none such.
    The view goes on after the block; `refusal` is the one that rose, if one did.
    """

    def __init__(self, form: forms.BaseForm, *kinds: type[PortalError]) -> None:
        self.form = form
        self.kinds = kinds or (PortalError,)
        self.refusal: PortalError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        refusal: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(refusal, PortalError) or not isinstance(refusal, self.kinds):
            return False
        field = refusal.field if refusal.field in self.form.fields else None
        self.form.add_error(field, refusal.in_form or refusal.message)
        self.refusal = refusal
        return True


def say_zone() -> str:
    """In which time zone a MomentField is read: that of whoever fills it in."""
    return f"In the time zone {timezone.get_current_timezone_name()}."


class MomentField(forms.DateTimeField):
    """A moment in the time zone of the page, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)
