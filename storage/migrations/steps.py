"""Where the steps register, in the order in which they run."""

from typing import Final

from sqlite_utils import Migrations

steps: Final = Migrations("marquee")
