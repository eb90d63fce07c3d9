"""How long a page of a long list takes: `make bench`. Ratios against a list of ten titles in the same run."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from cryptography.fernet import Fernet

from bot.api.app import create_app
from bot.app import build
from bot.backends.account_api import AccountApi, embedded_client
from bot.backends.offline import Offline, OfflineDiscovery
from bot.core.backend import Service, Services
from bot.core.store import Store
from storage.database import Database
from storage.sealing import Seal
from tests.core_front import CoreFront
from tests.long_lists import put_on_watchlists

LENGTHS = {"ada": 10, "ben": 1_000, "cleo": 10_000}
ASKED = ("/watchlist", "/watchlist oldest")
ROUNDS = 200


async def main() -> None:
    """Print, for each way to ask, how long a page takes of each list, and the ratio to the shortest one's."""
    with tempfile.TemporaryDirectory() as folder:
        db = await Database.open(Path(folder) / "bench.db")
        seal = await Seal.load(db, Fernet.generate_key().decode())
        offline = await Offline.open(db)
        async with embedded_client(create_app(offline, catalogue=offline, sign_up=offline)) as client:
            api = AccountApi(client)
            service = Service("offline", api, api, api, embedded=True, discovery=await OfflineDiscovery.open(db))
            front = CoreFront(build(Services(service, service), Store(db, seal, lambda: int(time.time()))))
            for person in LENGTHS:
                await front.say(person, "private", "/account")
            ids = [row["id"] for row in await db.query("select id from accounts order by id")]
            await put_on_watchlists(db, dict(zip(ids, LENGTHS.values(), strict=True)))
            for asked in ASKED:
                await _measure(front, asked)
        await db.close()


async def _measure(front: CoreFront, asked: str) -> None:
    took: dict[str, list[float]] = {person: [] for person in LENGTHS}
    for _ in range(ROUNDS):
        for person, times in took.items():
            began = time.perf_counter()
            await front.say(person, "private", asked)
            times.append(time.perf_counter() - began)
    base = median(took["ada"])
    for person, times in took.items():
        said = f"{asked:18} {LENGTHS[person]:6} titles  {median(times) * 1000:5.2f} ms  {median(times) / base:4.2f} x"
        sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    asyncio.run(main())
