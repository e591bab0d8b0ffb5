"""The published list of grounds, and where managers keep it and the replies."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artists.access.guards import with_permission
from artists.requests import ArtistRequest
from artists.terms.rendering import to_html
from generations.grounds import services
from generations.grounds.forms import GroundForm, ReplyForm
from generations.models import Ground, Promise, ReplyTemplate
from portal.forms import sent, status_of

managers_only = with_permission("generations.change_grounds")


@login_not_required
@require_safe
def grounds(request: HttpRequest) -> HttpResponse:
    read = [_as_read(ground) for ground in Ground.objects.in_force()]
    facts = {"grounds": read, "promise": Promise.objects.in_force()}
    facts["appeal_days"] = settings.APPEAL_DAYS
    return render(request, "generations/grounds/list.html", facts)


@login_not_required
@require_safe
def show_version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One ground as it was published then: decisions go on naming it."""
    ground = get_object_or_404(Ground, code=code, version=version)
    others = Ground.objects.filter(code=code).exclude(pk=ground.pk).order_by("-version")
    facts = {**_as_read(ground), "others": others}
    return render(request, "generations/grounds/version.html", facts)


@require_safe
@managers_only
def manage(request: ArtistRequest) -> HttpResponse:
    facts = {"grounds": Ground.objects.in_force(), "replies": ReplyTemplate.objects.all()}
    return render(request, "generations/grounds/manage.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def edit(request: ArtistRequest, ground_id: int | None = None) -> HttpResponse:
    """Write a new ground, or the next version of one."""
    follows = get_object_or_404(Ground.objects.in_force(), pk=ground_id) if ground_id else None
    form = GroundForm(sent(request), follows=follows)
    if form.is_valid():
        said = {"code": "", **form.cleaned_data}
        ground = services.publish(**said, by=request.user, follows=follows)
        messages.success(request, f"Published: {ground.title}, version {ground.version}.")
        return redirect("generations:manage_grounds")
    facts = {"form": form, "follows": follows}
    return render(request, "generations/grounds/edit.html", facts, status=status_of(form))


@require_POST
@managers_only
def retire(request: ArtistRequest, ground_id: int) -> HttpResponse:
    ground = get_object_or_404(Ground.objects.in_force(), pk=ground_id)
    services.retire(ground, by=request.user)
    messages.success(request, f"Retired: nothing new rests on “{ground.title}”.")
    return redirect("generations:manage_grounds")


@require_POST
@managers_only
def move_up(request: ArtistRequest, ground_id: int) -> HttpResponse:
    ground = get_object_or_404(Ground.objects.in_force(), pk=ground_id)
    services.move_up(ground, by=request.user)
    return redirect("generations:manage_grounds")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def reply(request: ArtistRequest, reply_id: int | None = None) -> HttpResponse:
    """Write a reply, or change one."""
    kept = get_object_or_404(ReplyTemplate, pk=reply_id) if reply_id else None
    form = ReplyForm(sent(request), instance=kept)
    if form.is_valid():
        saved = services.save_reply(form, by=request.user)
        messages.success(request, f"Saved: {saved.name}.")
        return redirect("generations:manage_grounds")
    facts = {"form": form, "reply": kept}
    return render(request, "generations/grounds/reply.html", facts, status=status_of(form))


@require_POST
@managers_only
def remove_reply(request: ArtistRequest, reply_id: int) -> HttpResponse:
    kept = get_object_or_404(ReplyTemplate, pk=reply_id)
    services.remove_reply(kept, by=request.user)
    messages.success(request, f"Removed: {kept.name}.")
    return redirect("generations:manage_grounds")


def _as_read(ground: Ground) -> dict[str, object]:
    return {
        "ground": ground,
        "text": to_html(ground.text),
        "examples": to_html(ground.examples) if ground.examples else "",
    }
