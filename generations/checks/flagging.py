"""What a flag does to the submissions of a generation that wait for a reviewer."""

from generations.models import Generation


def flag_reviews(generation: Generation) -> None:
    """Mark what waits for a reviewer, where a check flags the work after it was submitted."""
