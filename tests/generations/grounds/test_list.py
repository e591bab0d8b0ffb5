"""The published list of grounds."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generations.models import Ground

CODES = ["safety", "legal", "rights", "confidentiality"]


def test_a_programme_begins_with_the_first_list(db: None) -> None:
    assert [ground.code for ground in Ground.objects.in_force()] == CODES
    assert {ground.version for ground in Ground.objects.all()} == {1}


def test_migrating_again_leaves_the_list_as_it_is(db: None) -> None:
    Ground.objects.filter(code="legal").update(needs_two_reviewers=True)
    Ground.objects.filter(code="rights").update(retired_at=timezone.now())

    call_command("migrate", verbosity=0)

    assert Ground.objects.count() == len(CODES)
    assert Ground.objects.get(code="legal").needs_two_reviewers
    assert not Ground.objects.in_force().filter(code="rights").exists()


@pytest.mark.django_db(transaction=True)
def test_the_list_is_there_again_after_the_database_is_emptied() -> None:
    call_command("flush", verbosity=0, interactive=False)

    assert [ground.code for ground in Ground.objects.in_force()] == CODES


def test_anybody_reads_the_list_and_what_is_no_ground(client: Client, db: None) -> None:
    answer = client.get(reverse("generations:grounds"))

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "Criticism of the programme is not a ground." in words
    for ground in Ground.objects.in_force():
        assert ground.title in words
