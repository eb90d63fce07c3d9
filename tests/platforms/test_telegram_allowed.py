"""A bot that is for a few people only: whom it lets in, and what the others are told."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.bot_api import serving
from tests.platforms.telegram_front import running

BOT_NAME = "marquee_test_bot"


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


async def test_what_a_group_may_no_more_its_people_may_no_more(tmp_path: Path) -> None:
    async with serving() as telegram:
        ada, ben = telegram.user("Ada"), telegram.user("Ben")
        club, others = telegram.group("Film club", [ada, ben]), telegram.group("Others", [ada, ben])
        async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(club.id)):
            for group in (club, others):
                group.add_bot()
            await telegram.until(lambda: telegram.written(club) and telegram.written(others))
            ben.types("/movie 550", club)
            await telegram.until(lambda: "Fight Club" in ben.sees(club)[-1].text)
            ben.types(f"/movie@{BOT_NAME} 550", others)
            await telegram.until(lambda: len(telegram.written(others)) > 1)
            assert "can let this group in" in telegram.written(others)[-1].text, "he was let in in private alone"
        async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(ada.id)):
            assert "for a few people only" in (await telegram.answered(ben.types("/movie 550"))).text


async def test_a_group_that_is_named_is_the_same_as_a_supergroup(tmp_path: Path) -> None:
    async with serving() as telegram:
        ada, ben = telegram.user("Ada"), telegram.user("Ben")
        club = telegram.group("Film club", [ada, ben])
        async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(club.id)):
            club.add_bot()
            await telegram.until(lambda: telegram.written(club))
            ben.types("/movie 550", club)
            await telegram.until(lambda: "Fight Club" in ben.sees(club)[-1].text)
            made = club.migrate()
            await telegram.until(lambda: not telegram.updates.pending())
            assert "Fight Club" in (await telegram.answered(ben.types("/movie 550", made))).text
            assert "Fight Club" in (await telegram.answered(ben.types("/movie 550"))).text


async def test_a_link_to_set_up_what_is_no_group_is_refused(tmp_path: Path) -> None:
    async with serving() as telegram:
        ben = telegram.user("Ben")
        async with running(telegram, tmp_path):
            assert "Only the admins" in (await telegram.answered(ben.starts("house_abc"))).text
