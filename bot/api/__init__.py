"""The account API, served over any backend. See `create_app` and, for what it serves, `/openapi.json`."""

from bot.api.app import create_app

__all__ = ["create_app"]
