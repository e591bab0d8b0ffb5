"""The addresses of a clip's files."""


class HasFiles:
    """Whatever shows a clip at an address of its own: a work, a submission, a share."""

    def file_url(self, kind: str) -> str:
        """Return the address at which those who may see this find one file of it."""
        raise NotImplementedError

    @property
    def video_url(self) -> str:
        return self.file_url("master")

    @property
    def proxy_url(self) -> str:
        return self.file_url("proxy")

    @property
    def poster_url(self) -> str:
        return self.file_url("poster")

    @property
    def filmstrip_url(self) -> str:
        return self.file_url("filmstrip")

    @property
    def waveform_url(self) -> str:
        return self.file_url("waveform")
