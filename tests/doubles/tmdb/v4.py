"""Three calls of TMDB's version 4, which sign somebody in and out, described by us: TMDB's description has v3 only."""

from __future__ import annotations

from typing import Any, Final

_STATUS: Final = {
    "success": {"type": "boolean"},
    "status_code": {"type": "integer"},
    "status_message": {"type": "string"},
}
_REFUSED: Final = {"type": "object", "required": list(_STATUS), "properties": _STATUS}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _call(summary: str, asked: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": summary,
        "requestBody": {"required": True, **_json(asked)},
        "responses": {
            "200": {"description": "Done", **_json(_object([*_STATUS, *answered], {**_STATUS, **answered}))},
            "default": {"description": "Refused", **_json(_REFUSED)},
        },
    }


_TOKEN: Final = {"type": "string", "minLength": 1}

V4: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "TMDB v4: signing in", "version": "4"},
    "servers": [{"url": "https://api.themoviedb.org"}],
    "security": [{"bearer": []}],
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/4/auth/request_token": {
            "post": _call(
                "Begin: a token that a person approves in the browser",
                _object([], {"redirect_to": {"type": "string", "minLength": 1}}),
                {"request_token": _TOKEN},
            )
        },
        "/4/auth/access_token": {
            "post": _call(
                "End: the approved token for one that lasts",
                _object(["request_token"], {"request_token": _TOKEN}),
                {"access_token": _TOKEN, "account_id": {"type": "string", "pattern": "^[0-9a-f]{24}$"}},
            ),
            "delete": _call(
                "Sign out",
                _object(["access_token"], {"access_token": _TOKEN}),
                {},
            ),
        },
    },
}
