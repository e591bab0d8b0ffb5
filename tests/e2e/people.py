"""The people of the browser tests, made in the portal's own database by its own services.

Run by `python -m tests.e2e.people` with the portal's environment.
"""

import django

PASSWORD = "a long and quiet afternoon"
REVIEWER = "rosa@demo.greenroom.invalid"
COHORT = "Spring residency"


def make() -> None:
    from allauth.account.models import EmailAddress

    from generations.demo.programme import fill_in
    from tests.second_factor import give_app

    for person in fill_in().values():
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        if person.groups.exists():
            give_app(person)


if __name__ == "__main__":
    django.setup()
    make()
