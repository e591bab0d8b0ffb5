"""Inviting from a file: bad lines are named, good ones kept, too much is refused as a whole."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from artists.admissions.csv_file import BYTES_MAX, LINES_MAX, Import, invite_from
from artists.admissions.errors import BadInvitationFile
from artists.admissions.services import invite
from artists.models import Artist, Cohort, Invitation, Letter

INVITE = reverse("artists:invite_many")


@pytest.fixture
def read(cohort, manager):
    def invite_them(content: bytes) -> Import:
        return invite_from(io.BytesIO(content), cohort=cohort, by=manager, expires_in_days=7)

    return invite_them


def invited() -> list[str]:
    return list(Invitation.objects.order_by("pk").values_list("email", flat=True))


@pytest.mark.parametrize(
    "content",
    [
        b"a@example.org\nb@example.org\n",
        b"a@example.org\r\nb@example.org",
        b"a@example.org\rb@example.org\r",
        b"\xef\xbb\xbfemail\na@example.org\nb@example.org\n",
        b"Name;E-Mail\nA;a@example.org\nB;b@example.org\n",
        b"name\temail\nA\ta@example.org\nB\tb@example.org\n",
        b'"email","name"\n"a@example.org","A, the first"\n"B@Example.org ",B\n',
        "email\na@example.org\nb@example.org\n".encode("utf-16"),
        b"\n\n a@example.org \n;;\n\nb@example.org\n\n",
        "name,email\nZoë,a@example.org\n李,b@example.org\n".encode(),
    ],
)
def test_files_as_programs_write_them_are_read(read, content):
    done = read(content)

    assert done.bad_lines == []
    assert invited() == ["a@example.org", "b@example.org"]
    assert Letter.objects.filter(kind="invitation").count() == 2


def test_each_bad_line_is_named_and_the_good_ones_are_kept(read, cohort, artist):
    invite(email="waiting@example.org", cohort=cohort, invited_by=None)
    lines = [
        "email,name",
        "good@example.org,Good",
        "nobody,No",
        ",Empty",
        "GOOD@example.org,Again",
        "ada@example.org,Ada",
        "waiting@example.org,Waits",
        "=cmd|' /C calc'!A0,Formula",
        '"open quote@example.org',
        "x" * 300 + "@example.org,Long",
        "javascript:alert(1),Link",
        "late@example.org,Late",
    ]

    done = read("\n".join(lines).encode() + b"\nb\xe4d@example.org,Latin\n")

    assert {line.number: line.reason for line in done.bad_lines} == {
        3: "“nobody” is no e-mail address.",
        4: "There is no address in this line.",
        5: "The same address stands in line 2.",
        6: "There is an account with this address already.",
        7: "waiting@example.org has an open invitation already.",
        8: "“=cmd|' /C calc'!A0” is no e-mail address.",
        9: "“open quote@example.org” is no e-mail address.",
        10: "This address is too long.",
        11: "“javascript:alert(1)” is no e-mail address.",
        13: "This line is not in UTF-8. Save the file as CSV UTF-8.",
    }
    assert [one.email for one in done.invited] == ["good@example.org", "late@example.org"]


def test_a_file_that_is_sent_twice_writes_to_nobody_twice(read):
    read(b"a@example.org\n")
    again = read(b"a@example.org\n")

    assert (len(again.invited), len(again.bad_lines), Letter.objects.count()) == (0, 1, 1)


def test_lines_beyond_the_cohort_s_places_are_named(read, cohort):
    Cohort.objects.update(places=2)  # Mona is in it

    done = read(b"a@example.org\nb@example.org\n")

    assert invited() == ["a@example.org"]
    assert [line.number for line in done.bad_lines] == [2]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf\n ; \n", "This file is empty."),
        (b"a@example.org\n" * 30_000, f"This file has 30,000 lines; {LINES_MAX} addresses"),
        (b"a@example.org\n" * 100_000, f"larger than {BYTES_MAX // 1000} kB"),
        (b"@\n" * 100_000, f"This file has 100,000 lines; {LINES_MAX} addresses"),
        (b"PK\x03\x04\x00\x00", "This is no text file."),
        (b"\xff\xfea\x00@\x00e", "This UTF-16 file is cut off."),
    ],
)
def test_what_cannot_be_read_as_a_whole_invites_nobody(read, content, complaint):
    with pytest.raises(BadInvitationFile, match=complaint):
        read(content)

    assert invited() == []


def test_the_page_names_the_lines_and_says_how_many_came_through(client, manager, cohort):
    client.force_login(manager)
    content = b"good@example.org\n<script>alert(1)</script>\n"
    file = SimpleUploadedFile("list.csv", content)

    page = client.post(
        INVITE, {"many-file": file, "many-cohort": cohort.pk, "many-expires_in_days": 7}
    )

    assert "1 invited into Spring" in page.text
    assert "Line 2:" in page.text
    assert "<script>alert" not in page.text
    assert Invitation.objects.get().invited_by == manager


def test_the_page_says_what_is_wrong_with_the_file(client, manager, cohort):
    client.force_login(manager)
    file = SimpleUploadedFile("list.csv", b"@\n" * 100_000)

    page = client.post(
        INVITE, {"many-file": file, "many-cohort": cohort.pk, "many-expires_in_days": 7}
    )

    assert page.status_code == 400
    assert "This file has 100,000 lines" in page.text


def test_without_a_file_the_form_says_so(client, manager):
    client.force_login(manager)

    assert client.post(INVITE, {}).status_code == 400
    assert Artist.objects.count() == 1
