"""A sample of what is decided is decided twice, by two people who do not know of each other."""

from django.conf import settings

from generations.models import Review


def is_sampled(review: Review) -> bool:
    """Whether a review is of the sample: by the end of its key, which is chance and stays."""
    return review.pk.int % 100 < settings.SECOND_LOOK_PERCENT
