"""What is asked without a title in mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.core.intents.base import Command, Intent, Target
from bot.core.phrases import N_


@dataclass(frozen=True, slots=True)
class Similar(Intent):
    """What is like a title, the likest first."""

    title: Target
    page: int = 1
    commands: ClassVar = (Command("similar", "ID", N_("find more like a title"), "550"),)
