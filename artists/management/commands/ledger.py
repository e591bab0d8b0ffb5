"""manage.py ledger check"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from artists.models import Window
from artists.quotas.checking import check_ledger
from portal.snapshot import snapshot


class Command(BaseCommand):
    help = "Recompute every quota counter from the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        with snapshot():
            for discrepancy in check_ledger():
                self.stderr.write(discrepancy.sentence)
                wrong += 1
            windows = Window.objects.count()
        if wrong:
            raise CommandError(f"The ledger does not add up in {wrong} places.")
        self.stdout.write(f"The ledger agrees with all {windows} windows.")
