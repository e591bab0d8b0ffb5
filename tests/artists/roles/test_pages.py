"""Managers give and take roles, and say what each may do: within bounds, and in the trail."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.access.errors import LastManager, MoreThanOwn, OwnRole
from artists.models import Artist
from artists.roles.services import (
    MANAGER,
    REVIEWER,
    REVIEWING,
    ensure_roles,
    may,
    set_permissions,
    set_roles,
)
from portal.audit import Event
from portal.errors import PortalError
from tests.second_factor import say_who

PAGE = reverse("artists:roles")
TAKE_DOWN = "generations.take_down_share"
REVIEW = "generations.review_submission"


def address(person: Artist) -> str:
    return reverse("artists:roles_of", args=[person.pk])


def of_role(role: str) -> str:
    return reverse("artists:role", args=[role])


def roles(person: Artist) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


@pytest.fixture
def browser(client, manager):
    client.force_login(manager)
    say_who(client, manager)
    return client


def test_a_manager_gives_a_role_and_takes_it(browser, manager, artist):
    """I10"""
    browser.post(address(artist), {"roles": [REVIEWER]})
    assert roles(artist) == {REVIEWER}

    browser.post(address(artist), {})

    assert roles(artist) == set()
    events = Event.objects.order_by("sequence").values_list("verb", "actor_id", "subject_id")
    assert list(events) == [
        ("role.given", manager.pk, str(artist.pk)),
        ("role.taken", manager.pk, str(artist.pk)),
    ]


@pytest.mark.parametrize("page", ["/roles/", "/quotas/programme/", "/pauses/"])
@pytest.mark.parametrize("asked", ["\x00", "A\x00da", "x" * 5000, "%_\\"])
def test_people_are_looked_for_by_whatever_is_typed(browser, artist, page, asked):
    answer = browser.get(page, {"q": asked})

    assert (answer.status_code, artist.email in answer.text) == (200, asked == "A\x00da")


def test_whoever_gives_says_first_who_they_are(client, manager, artist):
    client.force_login(manager)

    answer = client.post(address(artist), {"roles": [REVIEWER]})

    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert roles(artist) == set()


@pytest.mark.parametrize("person", ["artist", "reviewer"])
def test_nobody_but_a_manager_gives_any(client, artist, reviewer, person):
    who = {"artist": artist, "reviewer": reviewer}[person]
    client.force_login(who)
    say_who(client, who)

    for page, given in (
        (address(who), {"roles": [MANAGER]}),
        (of_role(REVIEWER), {"permissions": [TAKE_DOWN]}),
    ):
        assert client.post(page, given).status_code == 404
    assert TAKE_DOWN not in may(REVIEWER)


def test_nobody_takes_the_last_manager_away(browser, manager):
    answer = browser.post(address(manager), {})

    assert (answer.status_code, "last_manager" in answer.text) == (409, True)
    assert roles(manager) == {MANAGER}


def test_a_closed_account_is_no_manager_left(browser, manager, make_artist):
    Artist.objects.filter(pk=make_artist("Max", role=MANAGER).pk).update(is_active=False)

    assert browser.post(address(manager), {}).status_code == 409


def test_a_manager_gives_their_role_back_where_another_is_left(browser, manager, make_artist):
    make_artist("Max", role=MANAGER)

    browser.post(address(manager), {})

    assert roles(manager) == set()
    assert browser.get(PAGE).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_take_each_others_role_leave_one(manager, make_artist):
    other = make_artist("Max", role=MANAGER)
    together = Barrier(2)

    def take(pair: tuple[Artist, Artist]) -> str:
        by, person = pair
        try:
            together.wait()
            set_roles(person, set(), by=by)
        except PortalError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(take, [(manager, other), (other, manager)]))

    assert outcomes in (["last_manager", "taken"], ["more_than_own", "taken"])
    assert Artist.objects.filter(groups__name=MANAGER).count() == 1


def test_nobody_raises_themselves(reviewer):
    Group.objects.get(name=REVIEWER).permissions.add(Permission.objects.get(codename="give_roles"))

    with pytest.raises(OwnRole):
        set_roles(reviewer, {REVIEWER, MANAGER}, by=reviewer)
    with pytest.raises(OwnRole):
        set_permissions(REVIEWER, {REVIEW, TAKE_DOWN}, by=reviewer)


def test_nor_by_way_of_a_friend(reviewer, artist):
    Group.objects.get(name=REVIEWER).permissions.add(Permission.objects.get(codename="give_roles"))

    with pytest.raises(MoreThanOwn):
        set_roles(artist, {MANAGER}, by=reviewer)
    with pytest.raises(MoreThanOwn):
        set_permissions(MANAGER, may(MANAGER) - {REVIEW}, by=artist)


def test_what_a_role_may_do_changes_and_stands(browser, manager, reviewer):
    """I10"""
    answer = browser.post(of_role(REVIEWER), {"permissions": [*REVIEWING, TAKE_DOWN]})

    assert answer["Location"] == PAGE
    assert may(REVIEWER) == REVIEWING | {TAKE_DOWN}
    event = Event.objects.latest()
    assert (event.verb, event.actor_id) == ("role.changed", manager.pk)
    assert event.facts == {"role": REVIEWER, "given": [TAKE_DOWN], "taken": []}
    assert Artist.objects.get(pk=reviewer.pk).has_perm(TAKE_DOWN)


def test_a_permission_that_was_taken_stays_away_after_a_migration(browser):
    browser.post(of_role(REVIEWER), {"permissions": [TAKE_DOWN]})

    ensure_roles(using="default")

    assert may(REVIEWER) == {TAKE_DOWN}


def test_nobody_changes_the_role_that_they_hold(browser):
    page = browser.get(of_role(MANAGER))
    assert "You hold this role yourself" in page.text

    answer = browser.post(of_role(MANAGER), {"permissions": [REVIEW]})

    assert answer.status_code == 409
    assert TAKE_DOWN in may(MANAGER)


@pytest.mark.parametrize("permission", ["auth.change_group", "mfa.view_authenticator", "x", ""])
def test_no_other_permission_can_be_given(browser, permission):
    answer = browser.post(of_role(REVIEWER), {"permissions": [REVIEW, permission]})

    assert answer.context["form"].errors
    assert answer.status_code == 400
    assert may(REVIEWER) == REVIEWING


def test_no_other_role_can_be_given(browser, artist):
    Group.objects.create(name="gods")

    answer = browser.post(address(artist), {"roles": ["gods"]})
    assert answer.context["form"].errors
    assert answer.status_code == 400
    assert browser.get(of_role("gods")).status_code == 404
    assert roles(artist) == set()


def test_the_administration_closes_no_last_manager(browser, manager):
    set_roles(manager, {MANAGER}, by=None)
    address = reverse("admin:artists_artist_change", args=[manager.pk])

    answer = browser.post(address, {"roles": [MANAGER]})

    assert answer.status_code == 409
    assert Artist.objects.get(pk=manager.pk).is_active


def test_the_page_shows_who_holds_a_role_and_who_lacks_a_second_factor(
    browser, reviewer, artist, make_artist
):
    make_artist("Zoe").groups.add(Group.objects.get(name=REVIEWER))

    page = browser.get(PAGE)

    shown = {person.credit_name: person.has_second_factor for person in page.context["page"]}
    assert shown == {"Mona": True, "Rita": True, "Zoe": False}


def test_people_are_found_by_name_or_address(browser, artist):
    for words in ("ada", "ada@ex"):
        assert [one.pk for one in browser.get(PAGE, {"q": words}).context["found"]] == [artist.pk]
    assert not browser.get(PAGE, {"q": "%"}).context["found"]


def test_a_hundred_people_take_as_many_queries_as_three(
    browser, make_artist, django_assert_num_queries
):
    group = Group.objects.get(name=REVIEWER)
    with CaptureQueriesContext(connection) as with_few:
        browser.get(PAGE)
    people = Artist.objects.bulk_create(
        Artist(email=f"p{number}@example.org", credit_name=f"P {number}") for number in range(100)
    )
    group.user_set.add(*people)

    with django_assert_num_queries(len(with_few)):
        assert len(browser.get(PAGE).context["page"].object_list) == 25


def test_the_last_manager_is_told_by_a_stable_code():
    assert (LastManager.code, OwnRole.code, MoreThanOwn.code) == (
        "last_manager",
        "own_role",
        "more_than_own",
    )


def test_what_a_role_may_do_is_said_in_words(browser):
    page = browser.get(of_role(MANAGER)).text

    for words in ("Set limits, grant credits and raises", "In the administration: add rate"):
        assert words in page
    assert "Can " not in page
