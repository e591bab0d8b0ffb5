"""What two spellings share."""

import pytest

from portal.same_person import email_key, link_key, name_key, network_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nora@example.org", " NORA@Example.ORG "),
        ("nora@example.org", "nora+tides@example.org"),
        ("nora@example.org", "\uff4e\uff4f\uff52\uff41@example.org"),
    ],
)
def test_addresses_of_one_mailbox_share_a_key(one, other):
    assert email_key(one) == email_key(other)


def test_addresses_of_two_mailboxes_do_not():
    assert email_key("nora@example.org") != email_key("nora@example.com")
    assert email_key("+@example.org") == "+@example.org"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José da Silva", "da SILVA, Jose"),
        ("Anne-Marie O’Neill", "anne marie o neill"),
        ("李小龙", "李小龙"),
    ],
)
def test_names_of_one_person_share_a_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    "other",
    ["http://nora.example/work/", "https://www.NORA.example/Work?utm=1#top"],
)
def test_links_to_one_page_share_a_key(other):
    assert link_key("https://nora.example/work") == link_key(other)


@pytest.mark.parametrize("address", ["", "unix:", "999.1.1.1", "192.0.2.1:80"])
def test_what_is_no_address_has_no_network(address):
    assert network_key(address) == ""
