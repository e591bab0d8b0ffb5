"""Letters that an artist does without are not written, and count as told."""

import pytest
from django.core import mail

from artists.models import Artist
from generations.models import Decision
from generations.notices import tell
from generations.sharing.services import take_down
from tests.generations.sharing.fixtures import ground, make_share, make_submission, make_work

__all__ = ["ground", "make_share", "make_submission", "make_work"]


@pytest.mark.parametrize(("wanted", "letters"), [(True, 1), (False, 0)])
def test_a_decision_is_told_by_mail_to_who_wants_it(artist, make_share, wanted, letters):
    Artist.objects.filter(pk=artist.pk).update(mail_decisions=wanted)
    decision = make_share().submission.decision
    Decision.objects.filter(pk=decision.pk).update(told_at=None)

    tell("decision", decision.pk)

    assert len(mail.outbox) == letters
    assert Decision.objects.get(pk=decision.pk).told_at is not None


def test_the_end_of_a_share_is_told_whatever_they_want(artist, make_share, manager, ground):
    Artist.objects.filter(pk=artist.pk).update(mail_decisions=False, mail_webhooks=False)
    share = make_share()
    take_down(share, manager=manager, ground=ground, reason="A face.")

    tell("take_down", share.pk)

    assert len(mail.outbox) == 1
