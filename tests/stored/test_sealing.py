"""Sealing: what the key opens, what it refuses, and what a change of keys leaves."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import LostKey, SealBroken, WrongKey
from storage.sealing import Seal, are_keys, key_file_of

# The same in every process: they stand in names of tests.
FIRST, SECOND, OTHER = (urlsafe_b64encode(letter * 32).decode() for letter in (b"a", b"b", b"c"))


async def canary(db: Database) -> str:
    [row] = await db.query("select value from meta")
    return str(row["value"])


async def with_a_table(db: Database) -> None:
    await db.write("create table notes (owner text primary key, text blob) strict")


async def keep(db: Database, owner: str, blob: bytes) -> None:
    await db.write("insert into notes values (:owner, :blob)", owner=owner, blob=blob)


async def kept(db: Database, owner: str) -> bytes:
    [row] = await db.query("select text from notes where owner = :owner", owner=owner)
    return bytes(row["text"])


@pytest.mark.parametrize("text", ["", "secret", "Amélie ✨", "half \ud83d of a pair", "a\0b"])
async def test_a_text_comes_back_as_it_was(seal: Seal, text: str) -> None:
    blob = seal.seal(text, "offline:web:ada")
    assert seal.open(blob, "offline:web:ada") == text
    assert b"secret" not in blob


async def test_a_row_that_was_swapped_is_refused(seal: Seal) -> None:
    blob = seal.seal("token", "offline:web:ada")
    with pytest.raises(SealBroken, match="another row"):
        seal.open(blob, "offline:web:ben")


async def test_an_altered_value_is_refused(seal: Seal) -> None:
    blob = bytearray(seal.seal("token", "offline:web:ada"))
    blob[30] ^= 1
    with pytest.raises(SealBroken, match="cannot be opened"):
        seal.open(bytes(blob), "offline:web:ada")


async def test_the_first_start_makes_a_key_that_we_alone_read(db: Database) -> None:
    seal = await Seal.load(db, None)
    key_file = key_file_of(db.path)
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert are_keys(key_file.read_text())
    before = key_file.read_bytes()
    again = await Seal.load(db, None)
    assert again.open(seal.seal("token", "here"), "here") == "token"
    assert key_file.read_bytes() == before


async def test_a_key_from_the_setting_makes_no_file(db: Database) -> None:
    await Seal.load(db, FIRST)
    assert not key_file_of(db.path).exists()


async def test_a_wrong_key_refuses_and_changes_nothing(db: Database) -> None:
    await Seal.load(db, FIRST)
    before = await canary(db)
    with pytest.raises(WrongKey, match="MARQUEE_SECRET_KEY"):
        await Seal.load(db, OTHER)
    assert await canary(db) == before
    await Seal.load(db, FIRST)


async def test_a_wrong_key_file_is_not_overwritten(db: Database) -> None:
    await Seal.load(db, None)
    key_file = key_file_of(db.path)
    for text, said in ((OTHER, "does not open"), ("rubbish", "does not hold"), ("é", "not hold")):
        key_file.write_text(text)
        with pytest.raises(WrongKey, match=said):
            await Seal.load(db, None)
        assert key_file.read_text() == text


async def test_a_lost_key_file_is_not_replaced(db: Database) -> None:
    await Seal.load(db, None)
    key_file_of(db.path).unlink()
    with pytest.raises(LostKey, match="backup"):
        await Seal.load(db, None)
    assert not key_file_of(db.path).exists()


async def test_a_rotation_seals_everything_with_the_new_key(db: Database) -> None:
    old = await Seal.load(db, FIRST)
    await with_a_table(db)
    await keep(db, "ada", old.seal("token", "ada"))
    await keep(db, "emptied", b"")
    await keep(db, "picture", b"\x89PNG")
    foreign = Seal([OTHER]).seal("token", "foreign")
    await keep(db, "foreign", foreign)

    await db.write("insert into meta values ('web key', :value)", value=old.seal("abc", "web key").decode())

    both = await Seal.load(db, f"{SECOND}, {FIRST}")
    assert both.open(await kept(db, "ada"), "ada") == "token"
    new = await Seal.load(db, SECOND)
    assert new.open(await kept(db, "ada"), "ada") == "token"
    [row] = await db.query("select value from meta where key = 'web key'")
    assert new.open(row["value"].encode(), "web key") == "abc"
    assert await kept(db, "emptied") == b""
    assert await kept(db, "picture") == b"\x89PNG"
    assert await kept(db, "foreign") == foreign
    with pytest.raises(WrongKey):
        await Seal.load(db, FIRST)


async def test_a_rotation_that_fails_leaves_the_old_key_in_use(db: Database) -> None:
    old = await Seal.load(db, FIRST)
    await with_a_table(db)
    await keep(db, "ada", old.seal("token", "ada"))
    before = await kept(db, "ada")
    await db.write("create trigger no before update on meta begin select raise(abort, 'stop'); end")
    with pytest.raises(Exception, match="stop"):
        await Seal.load(db, f"{SECOND},{FIRST}")
    assert await kept(db, "ada") == before
    assert (await Seal.load(db, FIRST)).open(before, "ada") == "token"


@pytest.mark.parametrize("text", ["", ",", "short", f"{FIRST},short", FIRST[:-1]])
async def test_what_is_no_key_is_refused(db: Database, text: str) -> None:
    assert not are_keys(text)
    with pytest.raises(WrongKey):
        await Seal.load(db, text)
    assert await db.query("select * from meta") == []


async def test_the_key_is_not_in_the_database(db: Database, tmp_path: Path) -> None:
    await Seal.load(db, FIRST)
    await db.close()
    assert FIRST.encode() not in db.path.read_bytes()
