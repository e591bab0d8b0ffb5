"""Writing terms: the draft of a kind, and its publication."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from artists.models import Artist, Terms
from artists.models.terms import digest
from artists.tasks import announce_terms
from artists.terms.errors import DraftChanged, NothingNew, NoticeTooShort, TakesEffectTooEarly
from artists.terms.samples import sample
from portal.audit import record


def draft_of(kind: str) -> Terms:
    """The draft of a kind; where none is kept, one to begin with, which has no key.

    It begins as the version published last, and before the first one as a sample.
    """
    kept = Terms.objects.drafts().filter(kind=kind).first()
    if kept is not None:
        return kept
    last = last_published(kind)
    text = last.text if last else sample(kind)
    version = last.version + 1 if last else 1
    return Terms(kind=kind, version=version, text=text, sha256=digest(text))


def last_published(kind: str) -> Terms | None:
    return Terms.objects.published().filter(kind=kind).order_by("-version").first()


@transaction.atomic
def save_draft(draft: Terms, text: str, *, seen: str) -> Terms:
    """Keep a text as the draft of a kind.

    `seen` is the hash of the draft that its writer had before them. Raises DraftChanged where
    somebody else has written it since.
    """
    written = {"text": text, "sha256": digest(text)}
    kept, is_new = Terms.objects.get_or_create(
        kind=draft.kind, published_at=None, defaults=written | {"version": draft.version}
    )
    if not is_new and not Terms.objects.drafts().filter(pk=kept.pk, sha256=seen).update(**written):
        raise DraftChanged
    kept.text, kept.sha256 = written["text"], written["sha256"]
    return kept


def discard_draft(kind: str, *, seen: str) -> None:
    """Throw the draft of a kind away. Raises DraftChanged."""
    discarded, _ = Terms.objects.drafts().filter(kind=kind, sha256=seen).delete()
    if not discarded:
        raise DraftChanged


@transaction.atomic
def publish(draft: Terms, *, seen: str, notice_days: int, by: Artist | None) -> Terms:
    """Publish a draft as its writer saw it; it takes effect after so many days, announced by mail.

    `seen` is the hash of what was seen. The first version of a kind may take effect at once, a
    later one after settings.TERMS_NOTICE_DAYS at the earliest and not before the version that it
    replaces. `by` is None for somebody at the command line. Raises DraftChanged, NothingNew,
    NoticeTooShort, TakesEffectTooEarly.
    """
    now = timezone.now()
    takes_effect_at = now + timedelta(days=notice_days)
    earlier = last_published(draft.kind)
    if earlier is not None:
        _check_against(earlier, seen=seen, notice_days=notice_days)
    as_seen = Terms.objects.drafts().filter(pk=draft.pk, sha256=seen)
    published = {"published_at": now, "published_by": by, "takes_effect_at": takes_effect_at}
    if not as_seen.update(**published):
        raise DraftChanged
    terms = Terms.objects.get(pk=draft.pk)
    facts = {
        "kind": terms.kind,
        "version": terms.version,
        "text_sha256": terms.sha256,
        "takes_effect_at": takes_effect_at,
    }
    announce_terms.delay_on_commit()
    record("terms.published", actor=by, subject=terms, facts=facts)
    return terms


def _check_against(earlier: Terms, *, seen: str, notice_days: int) -> None:
    if earlier.sha256 == seen:
        raise NothingNew
    least = settings.TERMS_NOTICE_DAYS
    if notice_days < least:
        raise NoticeTooShort(
            f"Version {earlier.version} is published: give its readers {least} days or more."
        )
    at = earlier.takes_effect_at
    if at is not None and at > timezone.now() + timedelta(days=notice_days):
        day = date_format(timezone.localtime(at), "j F Y, H:i T")
        raise TakesEffectTooEarly(
            f"Version {earlier.version} takes effect on {day}. This one may do so then or later."
        )
