"""Programs that an artist signed in by device code: each is a token, with secrets of its own kind.

allauth asks the artist and issues the secrets. What such a program may do, spends, makes and ends
by is all that of a token, so it is a row of Token: `sha256` is its access token of a quarter of an
hour, which each refresh replaces, and `expires_at` the end of its refresh token.
"""

from allauth.idp.oidc.models import Client
from allauth.idp.oidc.models import Token as Issued
from django.apps.registry import Apps
from django.apps.registry import apps as global_apps
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from artists.access import dead_uses
from artists.access.networks import Address
from artists.access.services import revoke
from artists.access.tokens import digest
from artists.models import Artist, DeadUse, RotatedSecret, Token
from artists.models.dead_use import KEPT_FOR
from artists.models.token import Scope

CLIENT_ID = "greenroom"
NAME = "A program of yours"
GRANTS = (Client.GrantType.DEVICE_CODE.value, Client.GrantType.REFRESH_TOKEN.value)


def ensure_client(*, using: str, apps: Apps = global_apps, **signal: object) -> None:
    """Let programs sign in by device code, after a migration or a flush."""
    try:
        clients = apps.get_model("allauth_idp_oidc", "Client").objects.using(using)
    except LookupError:  # migrated back to before there were programs
        return
    facts = {
        "name": NAME,
        "type": "public",
        "grant_types": "\n".join(GRANTS),
        "response_types": "",
        "scopes": "\n".join(Scope),
        "default_scopes": "\n".join((Scope.VIDEOS_CREATE, Scope.VIDEOS_READ)),
    }
    clients.update_or_create(id=CLIENT_ID, defaults=facts)


def lock_codes() -> None:
    """Let one request at a time answer for a device code, until its transaction ends.

    allauth keeps codes in the cache, where it reads one and then writes it back: of two polls at
    once each had tokens for one code, and a poll could put back a code that was just answered.
    """
    Client.objects.select_for_update(no_key=True).get(pk=CLIENT_ID)


@sensitive_variables("refresh_token")
def lock(refresh_token: str) -> Token | None:
    """Return the program whose refresh token this is, locked; None where it is none's now."""
    programs = Token.objects.live().select_for_update(of=("self",), no_key=True)
    return programs.filter(refresh_sha256=digest(refresh_token)).first()


@sensitive_variables("refresh_token")
@transaction.atomic
def note_replay(refresh_token: str, *, address: Address, client: str) -> None:
    """End a program whose refresh token comes a second time: two have it (RFC 9700, 4.14.2)."""
    rotated = RotatedSecret.objects.filter(sha256=digest(refresh_token)).select_related("token")
    for secret in rotated.filter(token__refresh_sha256__isnull=False):
        dead_uses.note(secret.token, DeadUse.Why.ROTATED, address=address, client=client)
        revoke(secret.token, by=secret.token.artist)


@sensitive_variables("access_token", "refresh_token")
@transaction.atomic
def keep(
    program: Token | None, *, access_token: str, refresh_token: str, address: str, client: str
) -> bool:
    """Keep what allauth has just issued, to a new program or to one that refreshed.

    allauth's own row of the access token goes: ours is the one that is looked up. False for a new
    program of somebody who has left since they said yes: then nothing is to be kept.
    """
    issued = Issued.objects.select_related("client")
    access = issued.get(type=Issued.Type.ACCESS_TOKEN, hash=digest(access_token))
    refresh = issued.get(type=Issued.Type.REFRESH_TOKEN, hash=digest(refresh_token))
    if program is None:
        artist = Artist.objects.select_for_update(no_key=True).get(pk=access.user_id)
        if artist.has_left:
            return False
        program = Token(artist_id=access.user_id, name=access.client.name[:80])
        program.last_used_at = timezone.now()
        program.last_used_from, program.last_used_by = address, client
    else:
        RotatedSecret.objects.create(
            token=program, sha256=str(program.refresh_sha256), good_until=timezone.now()
        )
    program.sha256, program.access_until = access.hash, access.expires_at
    program.refresh_sha256, program.expires_at = refresh.hash, refresh.expires_at
    program.scopes = [scope.value for scope in Scope if scope in access.get_scopes()]
    program.save()
    access.delete()
    return True


@sensitive_variables("secret")
def sign_out(secret: str) -> None:
    """End the program that shows its refresh token or its access token; another is none's."""
    for program in Token.objects.programs().of_any_secret(digest(secret)):
        revoke(program, by=program.artist)


def tidy() -> None:
    """Forget refresh tokens that are over: no program comes back by them."""
    Issued.objects.expired().delete()
    long_ago = timezone.now() - KEPT_FOR
    of_programs = RotatedSecret.objects.filter(token__refresh_sha256__isnull=False)
    of_programs.filter(good_until__lt=long_ago).delete()
