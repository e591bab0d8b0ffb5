"""The fixtures that Ada's addresses are made of."""

from tests.generations.appeals.fixtures import make_refusal
from tests.generations.sharing.fixtures import ground, make_share, make_submission, make_work
from tests.urls.addresses import addresses

__all__ = ["addresses", "ground", "make_refusal", "make_share", "make_submission", "make_work"]
