"""Promises that a test sets in a line."""

from collections.abc import Callable
from typing import Any

import pytest
from django.forms.models import model_to_dict

from artists.models import Artist
from generations.models import Promise
from generations.promise.services import SETTABLE, set_promise

Promising = Callable[..., Promise]


def promise_like(promise: Promise, **changes: Any) -> Promise:
    return Promise(**model_to_dict(promise, fields=SETTABLE) | changes)


@pytest.fixture
def promising(manager: Artist) -> Promising:
    """Set the promise as Mona: what is in force, with some changes."""

    def promise(**changes: Any) -> Promise:
        before = Promise.objects.in_force()
        return set_promise(promise_like(before, **changes), seen=before.version, by=manager)

    return promise
