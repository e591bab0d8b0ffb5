"""`manage.py reset_factors EMAIL --reason WORDS`: let somebody in who lost their second factor.

For the case that no other manager is there to do it on the person's page.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from artists.accounts.resetting import REASON_MAX_CHARS, reset_factors
from artists.models import Artist
from portal.errors import PortalError


class Command(BaseCommand):
    help = "Remove somebody's second factors, sign them out everywhere, and write to them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, metavar="WORDS")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        reason = reason.strip()
        if not 0 < len(reason) <= REASON_MAX_CHARS:
            raise CommandError(f"Give a reason of 1 to {REASON_MAX_CHARS} characters.")
        try:
            artist = Artist.objects.get_by_natural_key(email)
            reset_factors(artist, by=None, reason=reason)
        except Artist.DoesNotExist as error:
            raise CommandError(f"Nobody has an account with {email}.") from error
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Removed. {artist.email} is signed out everywhere, and told by mail.")
