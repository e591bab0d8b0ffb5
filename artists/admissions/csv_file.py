"""A file of addresses to invite: each bad line named with its number and reason, the good kept."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from artists.admissions.errors import BadInvitationFile
from artists.admissions.services import invite
from artists.models import Artist, Cohort, Invitation
from portal.errors import PortalError

BYTES_MAX = 500_000
LINES_MAX = 500
HEADINGS = {"email", "e-mail", "mail", "e-mail address", "email address", "address"}
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class BadLine:
    """Why a line of the file invites nobody. Lines are counted from 1, as editors do."""

    number: int
    reason: str


@dataclass
class Import:
    """How a file went."""

    invited: list[Invitation] = field(default_factory=list)
    bad_lines: list[BadLine] = field(default_factory=list)


def invite_from(file: IO[bytes], *, cohort: Cohort, by: Artist, expires_in_days: int) -> Import:
    """Invite each address of a file, each in a transaction of its own.

    One address a line, in the column headed “email”, or in the first where no line heads them.
    Who has an open invitation into the cohort already is not written to again, so that a file
    that is sent twice writes to nobody twice. Raises BadInvitationFile where the file as a whole
    cannot be read or is too long; then nobody is invited.
    """
    lines = list(_rows(_decode(file.read(BYTES_MAX + 1))))
    column = _column_of(lines[0][1]) if lines else None
    if column is not None:
        lines = lines[1:]
    done = Import()
    seen: dict[str, int] = {}
    expires_at = timezone.now() + timedelta(days=expires_in_days)
    for number, cells in lines:
        try:
            email = _read_address(cells, column or 0)
            _refuse_again(email, seen, cohort)
            seen[email] = number
            invitation, _ = invite(email=email, cohort=cohort, invited_by=by, expires_at=expires_at)
        except ValidationError as error:
            done.bad_lines.append(BadLine(number, str(error.message)))
        except PortalError as refusal:
            done.bad_lines.append(BadLine(number, refusal.message))
        else:
            done.invited.append(invitation)
    return done


def _refuse_again(email: str, seen: dict[str, int], cohort: Cohort) -> None:
    """Raise ValidationError for an address that the file or an open invitation has already."""
    if email in seen:
        raise ValidationError(f"The same address stands in line {seen[email]}.")
    if Invitation.objects.open().filter(email=email, cohort=cohort).exists():
        raise ValidationError(f"{email} has an open invitation already.")


def _decode(content: bytes) -> str:
    """The text of a file; bytes that are no UTF-8 become halves of pairs, for their line to name.

    A UTF-16 file, as some spreadsheets write, is known by its mark.
    """
    if len(content) > BYTES_MAX:
        raise BadInvitationFile(
            f"This file is larger than {BYTES_MAX // 1000:,} kB. Up to {LINES_MAX} addresses go in "
            "at a time: please split it."
        )
    if content.startswith(UTF16_MARKS):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadInvitationFile("This UTF-16 file is cut off. Save it as UTF-8.") from error
    if b"\0" in content:
        raise BadInvitationFile("This is no text file. Save the list as CSV, in UTF-8.")
    return content.decode("utf-8-sig", errors="surrogateescape")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number.

    A line is a line, whatever quotes are left open in it: no quote swallows the rest of the file.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip(" \t,;")]
    if len(filled) > LINES_MAX + 1:
        raise BadInvitationFile(
            f"This file has {len(filled):,} lines; {LINES_MAX} addresses go in at a time. Nobody "
            "was invited: please split it."
        )
    if not filled:
        raise BadInvitationFile("This file is empty.")
    delimiter = max(",;\t", key=filled[0][1].count)
    for number, line in filled:
        try:
            yield number, next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            yield number, [line]


def _column_of(cells: list[str]) -> int | None:
    """Which column the first line heads as addresses; None where it heads none."""
    names = [cell.strip().casefold() for cell in cells]
    return next((place for place, name in enumerate(names) if name in HEADINGS), None)


def _read_address(cells: list[str], column: int) -> str:
    """The address of a line. Raises ValidationError, whose message names what is there instead."""
    cell = cells[column].strip() if column < len(cells) else ""
    if not cell:
        raise ValidationError("There is no address in this line.")
    if any("\ud800" <= character <= "\udfff" for character in cell):
        raise ValidationError("This line is not in UTF-8. Save the file as CSV UTF-8.")
    try:
        validate_email(cell)
    except ValidationError as error:
        shown = cell if len(cell) <= 60 else f"{cell[:60]}…"
        raise ValidationError(f"“{shown}” is no e-mail address.") from error
    if len(cell) > 254:
        raise ValidationError("This address is too long.")
    return cell.lower()
