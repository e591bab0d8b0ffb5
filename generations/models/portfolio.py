"""An artist's public portfolio, for whoever wants one."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

ADDRESS_MAX_CHARS = 40


class PortfolioQuerySet(models.QuerySet["Portfolio"]):
    def open(self) -> "PortfolioQuerySet":
        """Those that anybody may see: opened by their artist, whose account is no closed one."""
        return self.filter(is_open=True, artist__is_active=True)


class Portfolio(models.Model):
    """The public page of one artist at an address of their choice.

    It shows approved shares alone, and of the person what they chose to say: nothing of it is
    there before they open it. Its picture is a still of a share, for that was approved (I1).
    """

    artist = models.OneToOneField("artists.Artist", models.PROTECT, related_name="portfolio")
    address = models.CharField(max_length=ADDRESS_MAX_CHARS, unique=True)
    is_open = models.BooleanField(default=False)
    shows_links = models.BooleanField(default=False)
    is_findable = models.BooleanField(default=False, help_text="By search engines.")
    cover = models.ForeignKey("generations.Share", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PortfolioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(address=Lower(F("address"))), name="portfolio_address_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def get_absolute_url(self) -> str:
        return reverse("generations:artist_portfolio", args=[self.address])
