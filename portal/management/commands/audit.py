"""`manage.py audit verify`: is the audit trail what was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audit import Event
from portal.audit_check import Trail, verify


class Command(BaseCommand):
    help = "Check that no event of the audit trail was changed, removed, put in or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verifying = actions.add_parser("verify", help=self.help)
        verifying.add_argument(
            "--noted",
            metavar="SHA256",
            default="",
            help="the head that an earlier run printed: it must still stand in the trail",
        )

    def handle(self, *args: Any, action: str, noted: str = "", **options: Any) -> None:
        trail = verify()
        if not trail.is_whole:
            raise CommandError(_complaint(trail), returncode=1)
        if noted and not Event.objects.filter(sha256=noted).exists():
            raise CommandError(f"The trail was written anew: {noted} is gone.", returncode=1)
        self.stdout.write(f"The audit trail is whole: {trail.events} events, head {trail.sha256}")


def _complaint(trail: Trail) -> str:
    """Each flaw on a line, and how many rows that makes."""
    rows = sum(flaw.last - flaw.first + 1 for flaw in trail.flaws) + trail.unnamed
    lines = [str(flaw) for flaw in trail.flaws]
    if trail.unnamed:
        lines.append(f"And {trail.unnamed} more that are not named.")
    return "\n".join([*lines, f"Not as written: {rows} of the audit trail."])
