"""The page of the promise: what it says, and how it was kept."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from generations.models import Promise
from generations.transparency import figures
from generations.transparency.definitions import DEFINITIONS


@login_not_required
@require_safe
def promise(request: HttpRequest) -> HttpResponse:
    """What is promised, since when, what happens where it is not kept, and how often it was."""
    in_force = Promise.objects.in_force()
    today = timezone.localdate(timezone=in_force.calendar.zone)
    facts = {
        "promise": in_force,
        "policy_since": in_force.policy_since(),
        "days_off": [(day, name) for day, name in in_force.holidays_named if day >= today],
        "definitions": DEFINITIONS,
    }
    return render(request, "generations/promise/promise.html", facts | figures.read())
