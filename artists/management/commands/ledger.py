"""manage.py ledger check"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from artists.models import Window
from artists.quotas.checking import check_ledger


class Command(BaseCommand):
    help = "Recompute every quota counter from the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        discrepancies = list(check_ledger())
        for discrepancy in discrepancies:
            self.stderr.write(discrepancy.sentence)
        if discrepancies:
            raise CommandError(f"The ledger does not add up in {len(discrepancies)} places.")
        self.stdout.write(f"The ledger agrees with all {Window.objects.count()} windows.")
