"""`manage.py restore FILE`: a backup in the place of what is here."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups.errors import BackupRefused
from portal.backups.restoring import restore, verified
from portal.supervisor.preparation import sole_use


class Command(BaseCommand):
    help = "Restore a backup into an empty place; the portal must not run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="read it whole, restore nothing")
        parser.add_argument(
            "--over", action="store_true", help="put it in the place of what is here"
        )

    def handle(self, *args: Any, file: Path, check: bool, over: bool, **options: Any) -> None:
        try:
            if check:
                with verified(file, say=self.stdout.write) as (manifest, _):
                    done = "is whole"
            else:
                with sole_use(settings.HOME):
                    manifest = restore(file, is_over=over, say=self.stdout.write)
                done = "is restored"
        except (BackupRefused, ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The backup of {manifest.created_at} {done}: "
            f"{sum(manifest.rows.values())} rows, {manifest.files} files."
        )
        for name in manifest.missing:
            self.stderr.write(f"missing already when it was made: {name}")
