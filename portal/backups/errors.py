"""What keeps a backup from being made, or from being taken back."""


class BackupRefused(Exception):
    """The message says why, for the person at the command line."""
