"""What other sites read of a share when its address is posted."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from artists.models import Artist
from generations.models import Share, Submission
from generations.sharing.services import withdraw
from tests.generations.sharing.fixtures import MakeShare

HERE = "http://localhost:8000"


def told(client: Client, share: Share, **asked: Any) -> Any:
    url = {"url": f"{HERE}{share.get_absolute_url()}"}
    return client.get(reverse("generations:oembed"), url | asked)


def choose(share: Share, **chosen: Any) -> None:
    Share.objects.filter(pk=share.pk).update(**chosen)


def test_the_page_names_its_oembed_address_which_answers(client: Client, share: Share) -> None:
    page = client.get(share.get_absolute_url()).text

    found = dict(re.findall(r'type="(\w+/\w+)\+oembed" href="([^"]+)"', page))
    as_json = client.get(found["application/json"].replace("&amp;", "&")).json()
    as_xml = ET.fromstring(client.get(found["text/xml"].replace("&amp;", "&")).content)
    assert as_json["title"] == as_xml.findtext("title") == "Boat"
    assert as_xml.findtext("html") == as_json["html"]


def test_oembed_in_xml_can_be_read_whatever_stands_in_a_title(client: Client, share: Share) -> None:
    Submission.objects.update(title="Bo\uffffat \U0001f6f6")

    answer = told(client, share, format="xml")

    assert ET.fromstring(answer.content).findtext("title") == "Bo\ufffdat \U0001f6f6"


def test_oembed_is_a_video_with_a_frame_in_the_shape_of_the_clip(
    client: Client, share: Share
) -> None:
    answer = told(client, share, maxwidth=640, maxheight=600)

    said = answer.json()
    assert (said["type"], said["version"], said["author_name"]) == ("video", "1.0", "Ada L.")
    assert (said["width"], said["height"]) == (640, 360)
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1280, 720)
    assert f'src="{HERE}/s/{share.slug}/embed/" width="640" height="360"' in said["html"]
    assert said["thumbnail_url"] == f"{HERE}{share.poster_url}"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/s/{slug}/",
        "http://localhost:8000.elsewhere.example/s/{slug}/",
        "http://localhost:8000/s/{slug}/master/",
        "http://localhost:8000/s/no-such-page/",
        "http://localhost:8000/works/{work}/",
        "http://localhost:8000/nothing/",
        "/s/{slug}/",
    ],
)
def test_oembed_knows_own_pages_of_standing_shares_alone(
    client: Client, share: Share, address: str
) -> None:
    url = address.format(slug=share.slug, work=share.submission.generation_id)

    assert client.get(reverse("generations:oembed"), {"url": url}).status_code == 404


def test_oembed_of_what_ended_or_is_locked_or_is_not_asked_well(
    client: Client, share: Share, artist: Artist
) -> None:
    assert client.get(reverse("generations:oembed")).status_code == 400
    assert told(client, share, format="yaml").status_code == 501
    choose(share, password="hashed")
    assert told(client, share).status_code == 401
    withdraw(share, artist=artist)
    assert told(client, share).status_code == 404


def test_where_the_artist_wants_no_frames_oembed_is_a_link(client: Client, share: Share) -> None:
    choose(share, allows_embedding=False)

    said = told(client, share).json()

    assert said["type"] == "link"
    assert "html" not in said
    page = client.get(share.get_absolute_url()).text
    assert 'content="summary_large_image"' in page
    assert "/embed/" not in page


def test_words_of_an_artist_stay_words_in_the_frame_and_in_the_structured_data(
    client: Client, make_share: MakeShare
) -> None:
    share = make_share(title='</script><b x="1">&', credit_name="<i>Ada</i>")

    page = client.get(share.get_absolute_url()).text
    frame = told(client, share).json()["html"]

    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    said = json.loads(data)
    assert (said["@type"], said["name"]) == ("VideoObject", '</script><b x="1">&')
    assert said["creator"]["name"] == "<i>Ada</i>"
    assert (said["duration"], said["embedUrl"]) == ("PT10S", f"{HERE}/s/{share.slug}/embed/")
    assert "<b x" not in page
    assert "<i>" not in frame


def test_a_preview_has_the_player_for_those_who_show_players(client: Client, share: Share) -> None:
    page = client.get(share.get_absolute_url()).text

    assert 'name="twitter:card" content="player"' in page
    assert f'name="twitter:player" content="{HERE}/s/{share.slug}/embed/"' in page
    assert 'property="og:image:width" content="1280"' in page
    assert f'property="og:video" content="{HERE}{share.video_url}"' in page


def test_only_the_frame_may_stand_on_another_site(client: Client, share: Share) -> None:
    frame = client.get(reverse("generations:share_embed", args=[share.slug]))
    page = client.get(share.get_absolute_url())

    policy = frame["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in frame
    assert not frame.cookies
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "<video" in frame.text
    assert "csrfmiddlewaretoken" not in frame.text


def test_a_frame_ends_with_its_share(client: Client, share: Share, artist: Artist) -> None:
    """I1"""
    address = reverse("generations:share_embed", args=[share.slug])
    choose(share, allows_embedding=False)
    assert client.get(address).status_code == 403
    choose(share, allows_embedding=True)
    withdraw(share, artist=artist)

    gone = client.get(address)

    assert gone.status_code == 410
    assert "Boat" not in gone.text
    assert "frame-ancestors *" in gone["Content-Security-Policy"]
