"""Who is signed in, read together with pauses that concern them, terms, and whether they left."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from artists.models import Artist, Departure, Pause


class Backend(AuthenticationBackend):
    """allauth's, and one query a request as there: on most days no page asks for more."""

    def get_user(self, user_id: int) -> Artist | None:
        own = {"artist": OuterRef("pk"), "cohort": OuterRef("cohort")}
        pauses = Pause.objects.in_force().concerning(**own)
        departures = Departure.objects.in_force().filter(artist=OuterRef("pk"))
        known = Artist.objects.with_terms().annotate(
            meets_pauses=Exists(pauses),
            has_left=Exists(departures),  # type: ignore[no-redef]
        )
        found = known.filter(pk=user_id).first()
        return found if found and self.user_can_authenticate(found) else None
