"""What a flag does to the reviews of a work, be it there before the review or after."""

from generations.models import Generation, Review


def flag_reviews(generation: Generation) -> None:
    """Mark what waits for a decision on a work that a check flags after it was submitted."""
    waiting = Review.objects.filter(about__generation=generation, closed_at=None)
    waiting.update(is_flagged=True)
