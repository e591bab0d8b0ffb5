"""Keeping a draft, and letting it go again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from artists.requests import ArtistRequest
from generations.models import Generation
from generations.pauses.guard import own_work
from generations.retention import services


@require_POST
@login_required
@own_work
def keep(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    generation = _own(request, generation_id)
    services.keep(generation)
    messages.success(request, "Kept. It stays until you remove it.")
    return redirect(generation)


@require_POST
@login_required
@own_work
def let_go(request: ArtistRequest, generation_id: UUID) -> HttpResponse:
    generation = _own(request, generation_id)
    services.let_go(generation)
    messages.success(request, "It is a draft again, and goes in its time.")
    return redirect(generation)


def _own(request: ArtistRequest, generation_id: UUID) -> Generation:
    return get_object_or_404(Generation.objects.visible_to(request.user), pk=generation_id)
