"""The demo's admissions: filled in once, with something on each page."""

from artists.applications.doubles import doubles_of
from artists.models import Application, Round, Score
from generations.demo.admissions import fill_in_admissions
from generations.demo.programme import fill_in


def test_the_demo_has_an_open_round_with_applications_and_one_double(db):
    people = fill_in()

    fill_in_admissions(people)
    fill_in_admissions(people)

    assert Round.objects.get().is_open
    assert Application.objects.count() == 5
    assert Score.objects.count() == 3 * 2 * 4
    assert Application.objects.get(state="waitlisted").name == "Mateo Irigoyen"
    doubles = doubles_of(Application.objects.all())
    assert sorted(found[0].application.email for found in doubles.values() if found) == [
        "asha+films@demo.greenroom.invalid",
        "asha@demo.greenroom.invalid",
    ]
