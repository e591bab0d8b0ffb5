"""Terms for the tests, published by the product's own services."""

from django.test import override_settings

from artists.models import Terms
from artists.terms.writing import draft_of, publish, save_draft


def publish_text(text: str, *, kind: str = Terms.Kind.PROGRAMME, notice_days: int = 0) -> Terms:
    """Publish a text as the next version of its kind, with whatever notice."""
    draft = draft_of(kind)
    kept = save_draft(draft, text, seen=draft.sha256)
    with override_settings(TERMS_NOTICE_DAYS=0):
        return publish(kept, seen=kept.sha256, notice_days=notice_days, by=None)


def publish_versions(count: int, *, kind: str = Terms.Kind.PRIVACY) -> list[Terms]:
    """Publish so many versions of which none is in force yet: nobody owes them anything."""
    return [
        publish_text(f"# Version {number}\n", kind=kind, notice_days=30)
        for number in range(1, count + 1)
    ]
