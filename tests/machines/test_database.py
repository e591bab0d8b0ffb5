"""A database that goes away under a running portal."""

import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from tests.emulators.served import served
from tests.machines.brokers import found
from tests.machines.programme import Api, tokens
from tests.machines.studio import OWN_KEY, Studio
from tests.services import servers
from tests.services.packages import POSTGRES
from tests.services.portal import MANAGE, Portal

AWAY_SECONDS = 10


def test_a_database_that_is_away_for_ten_seconds_costs_no_generation(tmp_path: Path) -> None:
    """I3 to I6: one prompt was rendering when it went, one was being fetched."""
    studio = Studio()
    with (
        servers.prepared_postgres(found(POSTGRES)) as database,
        served(studio) as url,
        ExitStack() as up,
    ):
        up.enter_context(database.running())
        settings = {
            "GREENROOM_DATABASE_URL": servers.create_database(database.url, "portal"),
            "GREENROOM_PROVIDER_SKETCH_URL": url,
            "GREENROOM_PROVIDER_SKETCH_KEY": OWN_KEY,
            "GREENROOM_LEASE_SECONDS": "3",
        }
        portal = Portal(tmp_path, settings)
        try:
            portal.start()
            api = Api(portal.url, tokens(portal.environment)[0])
            rendering, fetched = "Rendering when it went", "Being fetched when it went"
            ids = [api.create(rendering), api.create(fetched)]
            portal.wait_until(lambda: studio.has(rendering) and studio.has(fetched))
            studio.render(fetched, 100)
            portal.wait_until(lambda: studio.asked[fetched] == 1)

            up.close()
            assert api.http.get(f"/v1/videos/{ids[0]}").is_server_error
            studio.render(rendering, 100)
            studio.give(rendering)
            studio.give(fetched)
            time.sleep(AWAY_SECONDS)
            up.enter_context(database.running())

            portal.wait_until(lambda: all(api.has_ended(one) for one in ids))
            assert {api.video(one)["status"] for one in ids} == {"completed"}
            assert studio.accepted == 2
            subprocess.run([*MANAGE, "ledger", "check"], env=portal.environment, check=True)
        finally:
            studio.give_all()
            portal.stop()
