"""The bot as it is, but for its boards, which follow what changes at once: so conversations needn't wait for them."""

import sys

from bot.cli import main
from bot.core import boards

boards.SECONDS = 0.05

if __name__ == "__main__":
    sys.exit(main())
