"""A strict double of TMDB: a real HTTP server for the client, and a world for the tests. See `Tmdb`.

world = Tmdb()
ada = world.account("ada")
session = world.session(ada)
async with serving(world) as root:
    ...  # the client calls f"{root}/3/..." with `Authorization: Bearer {world.read_token}`
assert ada.ratings[("movie", 550)] == 8.5
assert not world.complaints
"""

from tests.doubles.serving import Clock
from tests.doubles.tmdb import faults
from tests.doubles.tmdb.description import Description
from tests.doubles.tmdb.server import beside, serving
from tests.doubles.tmdb.titles import Person, Title
from tests.doubles.tmdb.wire import Call
from tests.doubles.tmdb.world import READ_TOKEN, Account, Tmdb

__all__ = [
    "READ_TOKEN",
    "Account",
    "Call",
    "Clock",
    "Description",
    "Person",
    "Title",
    "Tmdb",
    "beside",
    "faults",
    "serving",
]
