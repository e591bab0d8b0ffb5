"""`manage.py audit verify`: is the audit trail what was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import audit


class Command(BaseCommand):
    help = "Check that no event of the audit trail was changed, removed, put in or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser("verify", help=self.help)
        verify.add_argument(
            "--noted",
            metavar="SHA256",
            default="",
            help="the head that an earlier run printed: it must still stand in the trail",
        )

    def handle(self, *args: Any, action: str, noted: str = "", **options: Any) -> None:
        trail = audit.verify()
        if trail.bad_event:
            raise CommandError(f"Event {trail.bad_event} {trail.flaw}.", returncode=1)
        if noted and not audit.Event.objects.filter(sha256=noted).exists():
            raise CommandError(f"The trail was written anew: {noted} is gone.", returncode=1)
        self.stdout.write(f"The audit trail is whole: {trail.events} events, head {trail.sha256}")
