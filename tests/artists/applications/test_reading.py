"""Reading and scoring."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from artists.applications.errors import OwnApplication
from artists.applications.reading import means_of, readings_of, score
from artists.models import Application, Artist, Score
from portal.audit import Event
from tests.artists.applications.rows import make_application

CRITERIA = [one.value for one in Score.Criterion]


def points(**changed: str) -> dict[str, str]:
    return dict.fromkeys(CRITERIA, "4") | changed


def test_scores_are_kept_and_may_be_changed(client, application, reviewer):
    client.force_login(reviewer)
    address = reverse("artists:score", args=[application.pk])

    client.post(address, points(craft="2", craft_comment="Rough"))
    client.post(address, points(craft="5", craft_comment="Looked again"))

    assert Score.objects.count() == len(CRITERIA)
    craft = Score.objects.get(criterion="craft")
    assert (craft.points, craft.comment) == (5, "Looked again")
    assert Event.objects.filter(verb="application.scored").count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"craft": "6"}, {"craft": "0"}, {"craft": ""}, {"craft": "x"}, {"craft_comment": "x" * 1001}],
)
def test_a_wrong_score_is_said_and_nothing_is_kept(client, application, reviewer, wrong):
    client.force_login(reviewer)

    page = client.post(reverse("artists:score", args=[application.pk]), points(**wrong))

    assert page.status_code == 400
    assert not Score.objects.exists()


def test_the_database_takes_one_score_of_a_reader_for_a_criterion_from_one_to_five(
    application, reviewer
):
    made = {"application": application, "reader": reviewer}
    Score.objects.create(criterion="craft", points=3, **made)

    for wrong in ({"criterion": "craft", "points": 3}, {"criterion": "idea", "points": 6}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.create(**made, **wrong)


def test_nobody_reads_their_own(client, open_round, reviewer):
    """By the address without its case and label; the answer is the same as for nothing there."""
    own = make_application(open_round, email="RITA+films@Example.org")
    client.force_login(reviewer)

    assert client.get(reverse("artists:application", args=[own.pk])).status_code == 404
    assert client.post(reverse("artists:score", args=[own.pk]), points()).status_code == 404
    assert "No application has come in yet" in client.get(reverse("artists:applications")).text
    with pytest.raises(OwnApplication):
        score(application=own, reader=reviewer, scores=[Score(criterion="craft", points=5)])


def test_who_came_by_an_application_does_not_read_it_under_a_new_address(
    application, manager, cohort
):
    from artists.applications.deciding import Verdict, decide
    from artists.models import Invitation

    decide(application=application, verdict=Verdict.ACCEPT, by=manager)
    joined = Artist.objects.create_user("new-address@example.org")
    Invitation.objects.redeem(Invitation.objects.get().pk, joined.pk)

    assert not Application.objects.readable_by(joined).exists()
    assert Application.objects.readable_by(manager).exists()


def test_what_others_think_is_seen_after_ones_own_reading(client, application, make_artist):
    first, second = (make_artist(name, role="reviewer") for name in ("Rosa", "Paul"))
    score(
        application=application,
        reader=first,
        scores=[Score(criterion="craft", points=5, comment="A marvel")],
    )
    client.force_login(second)
    address = reverse("artists:application", args=[application.pk])

    before = client.get(address).text
    client.post(reverse("artists:score", args=[application.pk]), points())
    after = client.get(address).text

    assert "A marvel" not in before
    assert "1 other reader gave points" in before
    assert "A marvel" in after


def test_the_mean_is_by_criterion_and_of_all(application, reviewer, manager):
    score(
        application=application,
        reader=reviewer,
        scores=[Score(criterion="craft", points=5), Score(criterion="idea", points=2)],
    )
    score(application=application, reader=manager, scores=[Score(criterion="craft", points=4)])

    assert means_of(readings_of(application)) == {
        "Craft": 4.5,
        "What they would make": 2,
        "All": pytest.approx(11 / 3),
    }


def test_what_the_applicant_wrote_cannot_run(client, open_round, reviewer):
    wicked = make_application(
        open_round,
        statement="<script>alert(1)</script>\n<img src=x onerror=alert(1)>",
        heard_from="'\"><svg onload=alert(1)>",
    )
    client.force_login(reviewer)

    page = client.get(reverse("artists:application", args=[wicked.pk])).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg onload" not in page
    assert 'rel="noreferrer noopener nofollow"' in page


def test_the_page_of_one_reads_with_the_same_queries_however_many_read_it(
    client, application, make_artist, django_assert_max_num_queries, manager
):
    for number in range(6):
        reader = make_artist(f"R{number}", role="reviewer")
        score(application=application, reader=reader, scores=[Score(criterion="craft", points=3)])
    client.force_login(manager)

    with django_assert_max_num_queries(14):
        client.get(reverse("artists:application", args=[application.pk]))
