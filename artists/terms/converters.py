from artists.models import Terms


class TermsKindConverter:
    """A kind of terms in an address."""

    regex = "|".join(Terms.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
