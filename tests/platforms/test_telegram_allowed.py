"""A bot that is for a few people only: whom it lets in, and what the others are told."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.bot_api import serving
from tests.platforms.telegram_front import running


async def test_only_who_is_named_is_answered(tmp_path: Path) -> None:
    async with serving() as telegram:
        ada, ben = telegram.user("Ada"), telegram.user("Ben")
        async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(ada.id)):
            assert "Hello Ada" in (await telegram.answered(ada.starts())).text
            told = (await telegram.answered(ben.starts())).text
            assert "for a few people only" in told
            assert str(ben.id) in told


async def test_a_group_that_is_named_brings_its_people_along(tmp_path: Path) -> None:
    async with serving() as telegram:
        ada, ben = telegram.user("Ada"), telegram.user("Ben")
        club, others = telegram.group("Film club", [ada, ben]), telegram.group("Others", [ada, ben])
        async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(club.id)):
            others.add_bot()
            await telegram.until(lambda: telegram.written(others))
            assert "can let this group in" in ben.sees(others)[-1].text
            assert "for a few people only" in (await telegram.answered(ben.starts())).text
            club.add_bot()
            await telegram.until(lambda: telegram.written(club))
            ben.types("/movie 550", club)
            await telegram.until(lambda: "Fight Club" in ben.sees(club)[-1].text)
            assert "Fight Club" in (await telegram.answered(ben.types("/movie 550"))).text
