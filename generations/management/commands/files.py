"""`manage.py files check`: do rows and files agree?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generations.media.agreement import compared
from portal.errors import FilesAway


class Command(BaseCommand):
    help = "Tell which files are missing, extra or changed; every hash is worked out anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])
        parser.add_argument("--quick", action="store_true", help="compare names and sizes alone")

    def handle(self, *args: Any, quick: bool, **options: Any) -> None:
        wrong = 0
        try:
            with compared() as agreement:
                for one in agreement.findings(slices=() if quick else (0,)):
                    self.stderr.write(one.sentence)
                    wrong += 1
                files, read_again = agreement.files, agreement.read_again
        except FilesAway as away:
            raise CommandError(f"The files cannot be reached: {away.reason}.") from away
        if wrong:
            raise CommandError(f"Rows and files disagree in {wrong} places.")
        self.stdout.write(f"Rows and files agree: {files} files, {read_again} of them read whole.")
