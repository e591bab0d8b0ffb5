"""What the public sees of a share: its page, its files, its player for other sites."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.db.models import CharField, DateTimeField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseGone
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from generations.links import absolute
from generations.media.credentials.statements import Statement
from generations.media.delivery import REVALIDATED, serve_exactly
from generations.media.filenames import name_words
from generations.models import Rendition, Share
from generations.models.render import MediaFile
from generations.models.share import ShareQuerySet
from generations.sharing import previews
from generations.sharing.forms import PasswordForm
from generations.sharing.locks import is_right, let_in, may_see
from generations.sharing.viewing import count_view
from portal.prepared import Arg, Select

SHOWN_KINDS = ("master", "poster", "filmstrip")  # the proxy is a draft, and may name its artist
HEAVY = ("submission__public_copy__manifest", "submission__public_copy__prints")
ASKED_AGAIN = "no-cache"  # a kept copy is not shown before asking, so the end of a share holds
NOT_LISTED = "noindex"


@login_not_required
@require_safe
def show_share(request: HttpRequest, slug: str) -> HttpResponse:
    share = _whole().filter(slug=slug).first()
    if share is None:
        return _gone_page(request, slug)
    if not may_see(request, share):
        return _page(request, "share_locked.html", {"form": PasswordForm()}, share=share)
    count_view(request, share)
    return _page(request, "share.html", _facts(share), share=share)


@login_not_required
@require_POST
@sensitive_post_parameters("password")
def unlock(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the password of a share, which shows nothing of itself before."""
    share = _with_files().filter(slug=slug).first()
    if share is None:
        return _gone_page(request, slug)
    if may_see(request, share):
        return redirect(share)
    form = PasswordForm(request.POST)
    if form.is_valid() and is_right(request, share, form.cleaned_data["password"]):
        answer = redirect(share)
        let_in(answer, share)
        return answer
    if form.is_valid():
        form.add_error("password", "This is not the password.")
    facts = {"form": form}
    return _page(request, "share_locked.html", facts, share=share, status=HTTPStatus.BAD_REQUEST)


@login_not_required
@require_safe
def share_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    share = _STANDING.first(slug=slug, at=timezone.now())
    if share is None:
        return _gone_file(slug)
    if kind not in SHOWN_KINDS:
        raise Http404
    return _file(request, share, kind)


@login_not_required
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Give the public file to keep, where its artist allows it, under a name that says which."""
    share = _with_files().filter(slug=slug).first()
    if share is None:
        return _gone_file(slug)
    if not share.allows_download:
        raise Http404
    words = [name_words(share.title), name_words(share.credit_name)]
    filename = "-by-".join(filter(None, words)) or "clip"
    suffix = Rendition.SUFFIXES[Rendition.Kind.MASTER]
    return _file(request, share, Rendition.Kind.MASTER, filename=filename + suffix)


@login_not_required
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # views take arguments
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The player alone, for the frame of any other site; nothing where the artist wants none."""
    share = _whole().filter(slug=slug).first()
    if share is None:
        ended = get_object_or_404(Share.objects.ended(), slug=slug)
        return _page(request, "embed_gone.html", {"share": ended}, status=HTTPStatus.GONE)
    if share.is_locked or not share.allows_embedding:
        to_page = {"page_absolute_url": absolute(share.get_absolute_url())}
        return _page(request, "embed_gone.html", to_page, status=HTTPStatus.FORBIDDEN)
    count_view(request, share)
    facts = {"share": share, "page_absolute_url": absolute(share.get_absolute_url())}
    page = _page(request, "embed.html", facts)
    page["X-Robots-Tag"] = NOT_LISTED
    return page


def _whole() -> ShareQuerySet:
    """Standing shares, with all that their page says."""
    return (
        _with_files()
        .select_related(
            "submission__artist__portfolio",
            "submission__generation__video_model",
            "submission__rendition",
        )
        .defer("submission__artist__password", *HEAVY)
    )


def _with_files(*, at: datetime | Arg | None = None) -> ShareQuerySet:
    related = ("submission__decision", "submission__public_copy")
    return Share.objects.standing(at=at).select_related(*related).defer(*HEAVY)


_STANDING = Select(
    lambda: _with_files(at=Arg("at", DateTimeField())).filter(slug=Arg("slug", CharField()))
)


def _facts(share: Share) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "share": share,
        "submission": share.submission,
        "generation": share.submission.generation,
        "portfolio": _portfolio(share),
        "page_absolute_url": absolute(share.get_absolute_url()),
    }
    if share.submission.decision.public_sha256:  # others are older than signed files
        copy = share.submission.public_copy
        facts |= {"signed_copy": copy, "said": Statement(**copy.says)}
    if share.is_locked:
        return facts  # and nothing for other sites
    return facts | {
        "description": previews.description(share),
        "poster_absolute_url": absolute(share.poster_url),
        "video_absolute_url": absolute(share.video_url),
        "poster_size": previews.poster_size(share),
        "embed_absolute_url": previews.embed_url(share) if share.allows_embedding else "",
        "embed_code": previews.frame_of(share) if share.allows_embedding else "",
        "oembed_json": previews.oembed_url(share, format="json"),
        "oembed_xml": previews.oembed_url(share, format="xml"),
        "json_ld": previews.json_ld(share),
    }


def _portfolio(share: Share) -> Any:
    """The artist's open portfolio, if this share is in it: another credit may hide its artist."""
    portfolio = getattr(share.submission.artist, "portfolio", None)
    if portfolio is None or share.place is None or share.is_locked:
        return None
    return portfolio if portfolio.is_open and share.submission.artist.is_active else None


def _file(request: HttpRequest, share: Share, kind: str, *, filename: str = "") -> HttpResponseBase:
    if not may_see(request, share):
        return _forbidden()
    answer = serve_exactly(
        request,
        _shown_file(share, kind),
        sha256=share.submission.decision.sha256_of(kind),
        cache_control=REVALIDATED if share.is_locked else ASKED_AGAIN,
        filename=filename,
    )
    if not share.is_findable:
        answer["X-Robots-Tag"] = NOT_LISTED
    return answer


def _shown_file(share: Share, kind: str) -> MediaFile:
    """Return the file that the public sees: of the master its signed copy, where there is one."""
    submission = share.submission
    if kind == Rendition.Kind.MASTER and submission.decision.public_sha256:
        return submission.public_copy
    shown = Rendition.objects.filter(generation=submission.generation_id, kind__in=SHOWN_KINDS)
    return get_object_or_404(shown, kind=kind)


def _gone_page(request: HttpRequest, slug: str) -> HttpResponse:
    ended = Share.objects.ended().select_related("ground", "submission__generation")
    facts = {"share": get_object_or_404(ended, slug=slug)}
    return _page(request, "share_gone.html", facts, status=HTTPStatus.GONE)


def _gone_file(slug: str) -> HttpResponse:
    get_object_or_404(Share.objects.ended(), slug=slug)
    headers = {"Cache-Control": ASKED_AGAIN}
    return HttpResponseGone("This clip is no longer shown.", headers=headers)


def _forbidden() -> HttpResponse:
    headers = {"Cache-Control": REVALIDATED}
    words = "This clip is behind a password."
    return HttpResponse(words, status=HTTPStatus.FORBIDDEN, headers=headers)


def _page(
    request: HttpRequest,
    name: str,
    facts: dict[str, Any],
    *,
    share: Share | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = render(request, f"generations/{name}", facts, status=status)
    page["Cache-Control"] = REVALIDATED if share and share.is_locked else ASKED_AGAIN
    return page
