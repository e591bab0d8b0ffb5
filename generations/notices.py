"""What people are told by mail, each at least once: see portal/telling.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from artists.accounts.zones import zone_of
from artists.models import Artist, Departure
from generations.links import absolute
from generations.models import (
    Apology,
    Appeal,
    AppealLetter,
    AppealMessage,
    Archive,
    Decision,
    EscalationLetter,
    Note,
    Promise,
    RemovalNotice,
    Report,
    Review,
    Share,
    WebhookEndpoint,
)
from generations.models.appeal import last_moment_to_appeal
from portal.mail import plain_letter
from portal.telling import overdue, telling

WORKS_NAMED = 20


@dataclass(frozen=True)
class Notice:
    """One kind of letter: the rows that it tells of, each with what is read of it."""

    rows: Callable[[], QuerySet[Any]]
    since: str  # the field that says from when on a row is to be told
    write: Callable[[Any], None]
    once_told: dict[str, Any] = field(default_factory=dict)


def tell(name: str, key: int | str | UUID) -> None:
    """Write one letter, unless it is told, another worker writes it, or it is not due."""
    notice = NOTICES[name]
    due = notice.rows().filter(pk=key, **{f"{notice.since}__lte": timezone.now()})
    with telling(due, **notice.once_told) as claimed:
        for row in claimed:
            notice.write(row)


def untold(name: str) -> QuerySet[Any]:
    """What a letter of this kind is owed about: never begun, or not taken by the mail server."""
    notice = NOTICES[name]
    return overdue(notice.rows(), since=notice.since)


def letters_due(appeal: Appeal) -> list[int]:
    """The letters about an appeal that are to be written now."""
    letters = AppealLetter.objects.filter(appeal=appeal, told_at=None)
    due = letters.filter(not_before__lte=timezone.now())
    return list(due.values_list("pk", flat=True))


def reports_due(share: Share) -> list[int]:
    """The reports of a share whose visitors are to be told now what came of them."""
    return list(Report.objects.to_tell().filter(share=share).values_list("pk", flat=True))


def _tell_decision(decision: Decision) -> None:
    """Tell an artist what was decided, on which ground and why."""
    if not decision.artist.mail_decisions:
        return  # it stands on the page of the work
    submission = decision.submission
    facts = {
        "decision": decision,
        "submission": submission,
        "notes": Note.objects.told().with_clip().along_the_clip().filter(submission=submission),
        "work_url": absolute(submission.generation.get_absolute_url()),
    }
    if decision.outcome == Decision.Outcome.APPROVE:
        facts["share_url"] = absolute(submission.share.get_absolute_url())
    else:
        facts["appeal_url"] = _appeal_url(submission.pk)
        facts["appeal_until"] = last_moment_to_appeal(decision.created_at)
    _send("decision", decision.artist, facts)


def _tell_take_down(share: Share) -> None:
    """Tell an artist that a share of theirs was taken down, on which ground and why."""
    facts = {"share": share, "appeal_url": _appeal_url(share.submission_id)}
    if share.ended_at:
        facts["appeal_until"] = last_moment_to_appeal(share.ended_at)
    _send("take_down", share.submission.artist, facts)


def _tell_appeal(letter: AppealLetter) -> None:
    """Tell somebody how an appeal stands, or that there is something new in its thread."""
    appeal, is_artists = letter.appeal, letter.to_id == letter.appeal.artist_id
    if is_artists and not letter.to.mail_decisions:
        return  # it stands on the page of the appeal
    page = appeal if is_artists else appeal.review
    facts = {
        "appeal": appeal,
        "is_artists": is_artists,
        "page_url": absolute(page.get_absolute_url()),
    }
    if letter.kind == AppealLetter.Kind.MESSAGES:
        facts["count"] = _unread(letter)
    if appeal.refused is not None:
        facts["create_url"] = absolute("generations:create")
    elif live := Share.objects.live().filter(submission__generation=_work_of(appeal)).first():
        facts["share_url"] = absolute(live.get_absolute_url())
    elif appeal.submission is not None:
        facts["work_url"] = absolute(appeal.submission.generation.get_absolute_url())
    _send(f"appeal_{letter.kind}", letter.to, facts)


def _tell_webhook_off(endpoint: WebhookEndpoint) -> None:
    """Tell an artist that webhooks go to an address of theirs no more, and why."""
    if not endpoint.artist.mail_webhooks:
        return
    url = absolute(reverse("generations:webhook", args=[endpoint.pk]))
    _send("webhook_off", endpoint.artist, {"endpoint": endpoint, "webhook_url": url})


def _tell_departure(departure: Departure) -> None:
    """Tell somebody how their leaving stands: what ends when, or that it was taken back."""
    urls = {
        "take_url": absolute("generations:take"),
        "leave_url": absolute("generations:leave"),
    }
    _send("departure", departure.artist, {"departure": departure, **urls})


def _tell_archive(archive: Archive) -> None:
    """Tell an artist that the archive they asked for is ready, and until when."""
    urls = {
        "take_url": absolute("generations:take"),
        "sessions_url": absolute("artists:sessions"),
    }
    _send("archive", archive.artist, {"archive": archive, **urls})


def _tell_removal(notice: RemovalNotice) -> None:
    """Tell an artist which drafts go when, and how to keep them; none goes sooner than told."""
    drafts = notice.works.drafts().order_by("removal_at", "pk")
    earliest = timezone.now() + timedelta(days=settings.DRAFT_NOTICE_DAYS)
    drafts.filter(removal_at__lt=earliest).order_by().update(removal_at=earliest)
    if count := drafts.count():
        facts = {"drafts": drafts[:WORKS_NAMED], "count": count}
        facts |= {"more": count - WORKS_NAMED, "first": drafts[0].removal_at}
        facts["library_url"] = f"{absolute('generations:library')}?status=drafts"
        _send("removal", notice.artist, facts)


def _tell_apology(apology: Apology) -> None:
    """Tell an artist that a date has passed, that it should not have, and the new one."""
    if not apology.artist.mail_decisions:
        return  # it stands on the page of the work
    about = apology.review.about
    facts: dict[str, object] = {
        "apology": apology,
        "title": about.title if about else "",
        "is_appeal": apology.review.kind == Review.Kind.APPEAL,
        "promise_url": absolute("generations:promise"),
    }
    if about:
        facts["work_url"] = absolute(about.generation.get_absolute_url())
    elif apology.review.appeal:
        facts["work_url"] = absolute(apology.review.appeal.get_absolute_url())
    _send("apology", apology.artist, facts)


def _tell_escalation(letter: EscalationLetter) -> None:
    """Tell a reviewer or a manager what is due soon and open still; of nothing, nothing."""
    circle = letter.escalation.circle
    due = Review.objects.open().filter(**{f"told_to_{circle}": letter.escalation})
    due = due.shown_to(letter.reader).exclude(status=Review.Status.DECIDED)
    if not (count := due.count()):
        return
    facts = {
        "reviews": due.select_related("about")[:WORKS_NAMED],
        "count": count,
        "more": count - WORKS_NAMED,
        "is_last_call": circle == letter.escalation.Circle.MANAGERS,
        "stuck": set(Review.objects.stuck().filter(pk__in=due).values_list("pk", flat=True)),
        "roles_url": absolute("artists:roles"),
        "is_by_silence": Promise.objects.in_force().is_by_silence,
        "queue_url": absolute("generations:queue"),
    }
    _send("escalation", letter.reader, facts)


def _tell_report(report: Report) -> None:
    """Tell a visitor what came of their report."""
    facts = {
        "report": report,
        "grounds_url": absolute("generations:grounds"),
        "share_url": absolute(report.share.get_absolute_url()),
    }
    _mail("report", report.email, facts)


def _work_of(appeal: Appeal) -> UUID:
    return appeal.the_submission.generation_id


def _unread(letter: AppealLetter) -> int:
    """How many messages came to somebody since the last letter about any."""
    came = AppealMessage.objects.filter(appeal=letter.appeal).exclude(author=letter.to)
    earlier = AppealLetter.objects.filter(appeal=letter.appeal, to=letter.to, kind=letter.kind)
    last = earlier.filter(told_at__isnull=False).order_by("-pk").first()
    return came.filter(created_at__gt=last.told_at).count() if last else came.count()


def _appeal_url(submission_id: UUID) -> str:
    return absolute(reverse("generations:appeal_submission", args=[submission_id]))


def _send(name: str, artist: Artist, facts: dict[str, object]) -> None:
    if artist.is_erased:
        return
    facts |= {"artist": artist, "grounds_url": absolute("generations:grounds")}
    with timezone.override(zone_of(artist)):
        _mail(name, artist.email, facts)


def _mail(name: str, address: str, facts: dict[str, Any]) -> None:
    plain_letter(f"generations/mail/{name}", facts, to=address).send()


NOTICES = {
    "decision": Notice(
        lambda: Decision.objects.select_related(
            "artist", "ground", "submission__generation", "submission__share"
        ),
        since="created_at",
        write=_tell_decision,
    ),
    "take_down": Notice(
        lambda: Share.objects.filter(status=Share.Status.TAKEN_DOWN).select_related(
            "submission__artist", "ground"
        ),
        since="ended_at",
        write=_tell_take_down,
    ),
    "appeal": Notice(
        lambda: AppealLetter.objects.select_related(
            "to",
            "appeal__review",
            "appeal__ground",
            "appeal__refused",
            "appeal__submission__generation",
            "appeal__share__submission__generation",
        ),
        since="not_before",
        write=_tell_appeal,
    ),
    "report": Notice(
        lambda: Report.objects.to_tell().select_related("share", "ground"),
        since="answered_at",
        write=_tell_report,
        once_told={"email": ""},  # it was left for this letter alone
    ),
    "webhook_off": Notice(
        lambda: WebhookEndpoint.objects.select_related("artist"),
        since="switched_off_at",
        write=_tell_webhook_off,
    ),
    "departure": Notice(
        lambda: Departure.objects.filter(erased_at=None).select_related("artist"),
        since="created_at",
        write=_tell_departure,
    ),
    "archive": Notice(
        lambda: Archive.objects.to_take().select_related("artist"),
        since="made_at",
        write=_tell_archive,
    ),
    "removal": Notice(
        lambda: RemovalNotice.objects.select_related("artist"),
        since="created_at",
        write=_tell_removal,
    ),
    "apology": Notice(
        lambda: Apology.objects.select_related(
            "artist", "review__about__generation", "review__appeal"
        ),
        since="created_at",
        write=_tell_apology,
    ),
    "escalation": Notice(
        lambda: EscalationLetter.objects.select_related("escalation", "reader"),
        since="created_at",
        write=_tell_escalation,
    ),
}
