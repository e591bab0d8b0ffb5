"""Managers' administration: who may enter, what it changes, and that it stands in the trail."""

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse

from artists.access.services import create_token
from artists.letters.sending import send_letter
from artists.models import Artist, Cohort, Invitation, Letter, Limit
from artists.quotas.errors import QuotaExceeded
from artists.quotas.services import reserve
from artists.quotas.windows import open_windows
from artists.roles.services import MANAGER, REVIEWER, set_roles
from portal.audit import Event

PAGES = [
    reverse(f"admin:artists_{model}_changelist")
    for model in ("artist", "cohort", "invitation", "limit", "token", "ledgerentry")
]


@pytest.fixture
def boss(manager) -> Artist:
    set_roles(manager, {MANAGER}, by=None)
    return manager


@pytest.fixture
def browser(client, boss):
    client.force_login(boss)
    return client


def last_event() -> tuple[str, int | None, str, dict]:
    event = Event.objects.latest()
    return event.verb, event.actor_id, event.subject_id, event.facts


def test_a_visitor_signs_in_where_everybody_does(client, db):
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_login")


@pytest.mark.parametrize("role", ["", REVIEWER])
def test_nobody_but_a_manager_enters(client, make_artist, role):
    client.force_login(make_artist("Zoe", role=role))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_a_password_is_changed_on_the_page_of_accounts_alone(browser, boss):
    words = {
        "old_password": "correct horse",
        "new_password1": "a boat 7",
        "new_password2": "a boat 7",
    }

    answer = browser.post(reverse("admin:password_change"), words)

    assert answer["Location"] == reverse("account_change_password")
    boss.refresh_from_db()
    assert boss.check_password("correct horse")


@pytest.mark.parametrize("page", PAGES)
def test_a_manager_sees_every_list(browser, artist, page):
    open_windows(artist)
    create_token(artist, "laptop")

    assert browser.get(page).status_code == 200


def test_a_manager_sees_no_more_than_that(browser):
    shown = {
        m["object_name"]
        for app in browser.get("/admin/").context["app_list"]
        for m in app["models"]
        if app["app_label"] != "generations"
    }

    assert shown == {
        "Artist",
        "Cohort",
        "Departure",
        "Invitation",
        "Limit",
        "Token",
        "LedgerEntry",
    }


def test_a_manager_invites(browser, cohort, boss):
    browser.post(
        reverse("admin:artists_invitation_add"),
        {"email": "new@example.org", "cohort": cohort.pk},
    )

    assert Invitation.objects.get().invited_by == boss
    send_letter(Letter.objects.get().pk)
    assert mail.outbox[0].to == ["new@example.org"]


def test_the_inviter_is_told_that_an_address_has_an_account(browser, artist, cohort):
    page = browser.post(
        reverse("admin:artists_invitation_add"), {"email": "ADA@example.org", "cohort": cohort.pk}
    )

    assert "There is an account with this address already." in page.text
    assert not Invitation.objects.exists()


def test_an_invitation_cannot_expire_in_the_past(browser, cohort):
    page = browser.post(
        reverse("admin:artists_invitation_add"),
        {
            "email": "new@example.org",
            "cohort": cohort.pk,
            "expires_at_0": "2020-01-01",
            "expires_at_1": "12:00",
        },
    )

    assert "This time has passed." in page.text
    assert not Invitation.objects.exists()


def test_a_change_of_an_artist_stands_in_the_trail(browser, artist, boss, cohort):
    """I10"""
    other = Cohort.objects.create(name="Autumn")
    browser.post(
        reverse("admin:artists_artist_change", args=[artist.pk]),
        {"cohort": other.pk},
    )

    artist.refresh_from_db()
    assert (artist.cohort, artist.is_active) == (other, False)
    assert [event.verb for event in Event.objects.filter(subject_id=str(artist.pk))] == [
        "artist.changed"
    ]
    assert last_event()[3] == {
        "before": {"cohort": cohort.pk, "is_active": True},
        "after": {"cohort": other.pk, "is_active": False},
    }
    assert Event.objects.latest().address == "127.0.0.1"


def test_who_is_put_into_a_cohort_by_hand_has_its_limits(browser, cohort):
    """I3"""
    newcomer = Artist.objects.create_user("new@example.org", credit_name="Nia")

    browser.post(
        reverse("admin:artists_artist_change", args=[newcomer.pk]),
        {"cohort": cohort.pk, "is_active": "on"},
    )

    newcomer.refresh_from_db()
    with pytest.raises(QuotaExceeded):
        reserve(artist=newcomer, amount=1001)
    assert Limit.objects.get(artist=newcomer).granted_by == cohort


def test_saving_an_artist_who_stays_in_a_cohort_grants_nothing_anew(browser, artist, cohort):
    Limit.objects.filter(artist=artist).update(granted_by=cohort, ceiling=3)

    browser.post(
        reverse("admin:artists_artist_change", args=[artist.pk]),
        {"cohort": cohort.pk},
    )

    assert Limit.objects.get(artist=artist).ceiling == 3


def test_a_manager_changes_neither_address_nor_power_of_an_account(browser, artist):
    browser.post(
        reverse("admin:artists_artist_change", args=[artist.pk]),
        {
            "cohort": artist.cohort_id,
            "is_active": "on",
            "email": "mine@example.org",
            "is_superuser": "on",
            "is_staff": "on",
            "roles": [REVIEWER],
            "groups": [Group.objects.get(name=REVIEWER).pk],
        },
    )

    artist.refresh_from_db()
    assert (artist.email, artist.is_superuser, artist.is_staff) == ("ada@example.org", False, False)
    assert not artist.groups.exists()  # a role is given on a page that asks who one is


def test_a_manager_cannot_change_who_stands_above(browser, cohort):
    root = Artist.objects.create_superuser("root@example.org", credit_name="Root")

    answer = browser.post(reverse("admin:artists_artist_change", args=[root.pk]), {"roles": []})

    assert answer.status_code == 403


def test_no_limit_is_set_here_for_nobody_asks_for_a_reason(browser, artist):
    """I10: the page of quotas does."""
    limit = Limit.objects.get(artist=artist)

    changed = browser.post(
        reverse("admin:artists_limit_change", args=[limit.pk]), {"ceiling": 1500}
    )
    added = browser.post(
        reverse("admin:artists_limit_add"), {"artist": artist.pk, "period": "day", "ceiling": 9000}
    )

    assert (changed.status_code, added.status_code) == (403, 403)
    assert list(Limit.objects.filter(artist=artist).values_list("ceiling")) == [(1000,)]


def test_a_manager_revokes_a_token(browser, artist, boss):
    """I8, I10"""
    token, _ = create_token(artist, "laptop")

    browser.post(
        reverse("admin:artists_token_changelist"),
        {"action": "revoke_tokens", "_selected_action": [token.pk]},
    )

    token.refresh_from_db()
    assert token.revoked_at
    assert last_event()[:2] == ("token.revoked", boss.pk)


@pytest.mark.parametrize("model", ["artist", "cohort", "limit"])
def test_nothing_is_deleted_here(browser, artist, model):
    row = {"artist": artist, "cohort": artist.cohort, "limit": artist.limits.get()}[model]

    answer = browser.post(reverse(f"admin:artists_{model}_delete", args=[row.pk]), {"post": "yes"})

    assert answer.status_code == 403
    row.refresh_from_db()


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        ("artist", "password__startswith"),
        ("token", "sha256__startswith"),
        ("token", "artist__password__startswith"),
        ("invitation", "secret_sha256__startswith"),
        ("limit", "artist__password__startswith"),
    ],
)
def test_no_list_is_filtered_by_a_secret(browser, model, lookup):
    """I11: letter by letter, a filter would tell it."""
    address = reverse(f"admin:artists_{model}_changelist")

    assert browser.get(address, {lookup: "a"}).status_code == 400


@pytest.mark.parametrize(
    "page",
    [
        "auth/group/",
        "account/emailaddress/add/",
        "mfa/authenticator/",
        "usersessions/usersession/",
        "allauth_idp_oidc/token/",
    ],
)
def test_pages_that_other_packages_bring_are_nobodys(client, manager, page):
    """I10: a role, an address or a second factor would be changed there without an event."""
    Artist.objects.filter(pk=manager.pk).update(is_superuser=True, is_staff=True)
    client.force_login(manager)

    assert client.get(f"{reverse('admin:index')}{page}").status_code == 404
