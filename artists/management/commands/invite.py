"""`manage.py invite EMAIL --cohort NAME`: ask somebody in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from artists.admissions.errors import AlreadyHasAccount
from artists.admissions.services import invite, link
from artists.models import Cohort


class Command(BaseCommand):
    help = "Mail somebody a single-use link into a cohort, and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--cohort", required=True, metavar="NAME")

    def handle(self, *args: Any, email: str, cohort: str, **options: Any) -> None:
        try:
            validate_email(email)
            into = Cohort.objects.get(name=cohort)
            invitation, secret = invite(email=email, cohort=into, invited_by=None)
        except ValidationError as error:
            raise CommandError(error.message) from error
        except Cohort.DoesNotExist as error:
            names = ", ".join(Cohort.objects.values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no cohort {cohort!r}; there are: {names}.") from error
        except AlreadyHasAccount as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Mailed to {invitation.email}: {link(secret)}")
