"""`manage.py backup PLACE`: the database and the files in one archive."""

import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from portal.backups.errors import BackupRefused
from portal.backups.making import back_up, default_name


class Command(BaseCommand):
    help = "Write the database and the files into one archive, while the portal runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "place", type=Path, help="a folder, in which it is named by its time; or a new file"
        )

    def handle(self, *args: Any, place: Path, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half is left
        target = place / default_name(timezone.now()) if place.is_dir() else place
        try:
            manifest = back_up(target, say=self.stdout.write)
        except (BackupRefused, OSError) as error:
            raise CommandError(f"There is no backup: {error}") from error
        size = filesizeformat(manifest.bytes).replace("\xa0", " ")
        self.stdout.write(
            f"Backed up in {target}: {sum(manifest.rows.values())} rows, "
            f"{manifest.files} files, {size}."
        )
        if manifest.deleted_meanwhile:
            self.stdout.write(f"{manifest.deleted_meanwhile} files were deleted meanwhile.")
        for what, names in (("missing", manifest.missing), ("changed", manifest.changed)):
            for name in names:
                self.stderr.write(f"{what}: {name}")
        if not manifest.is_sound:
            raise CommandError("The backup stands, but files that rows name are not what they say.")
