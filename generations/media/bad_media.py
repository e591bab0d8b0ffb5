"""What may be wrong with a clip. Free of Django, for the finishing child loads it."""


class BadMedia(Exception):
    """A render that is not a sound clip. `kind` is stable; `message` is a sentence for people.

    Kinds: not_a_video, truncated, corrupt, unsupported, out_of_bounds, too_heavy, decoder_failed.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        self.message = message
        super().__init__(kind, message)

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"
