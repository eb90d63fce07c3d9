"""Marquee: a chat bot for film lovers. Start reading at `bot/core/intents.py`."""
