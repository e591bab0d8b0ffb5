"""New terms, announced to each member once: by letters written in batches, in a task.

The letters are the memory: whoever has none yet gets one, whenever a worker was killed.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from artists.letters.catalogue import words_of
from artists.models import Acceptance, Artist, Letter, LetterKind, Terms

AT_ONCE = 200


def unannounced(terms: Terms) -> QuerySet[Artist]:
    """The members who have no letter about a version; who said yes already needs none."""
    of_member = {"terms": terms, "artist": OuterRef("pk")}
    return Artist.objects.members().filter(
        ~Exists(Letter.objects.filter(**of_member)),
        ~Exists(Acceptance.objects.filter(**of_member)),
    )


@transaction.atomic
def write_next() -> list[int]:
    """Write AT_ONCE letters at most about what will take effect; return the keys of the new ones.

    Two workers at once write no letter twice: the database takes one of a member and a version.
    """
    for terms in Terms.objects.upcoming():
        readers = list(unannounced(terms).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if readers:
            return _write(terms, readers)
    return []


def _write(terms: Terms, readers: list[int]) -> list[int]:
    subject, body = words_of(LetterKind.TERMS)
    Letter.objects.bulk_create(
        [
            Letter(kind=LetterKind.TERMS, artist_id=pk, terms=terms, subject=subject, body=body)
            for pk in readers
        ],
        ignore_conflicts=True,
    )
    letters = Letter.objects.filter(terms=terms, artist__in=readers, sent_at=None)
    return list(letters.values_list("pk", flat=True))
