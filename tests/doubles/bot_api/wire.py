"""What comes over the wire: the parameters of a call, wherever they stand, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.doubles.bot_api.refusals import bad

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file that was sent along."""

    name: str
    content: bytes


@dataclass
class Asked:
    """The parameters of one call. Reading one of another type than it has is a 400.

    A form's values are all text, and lists and objects in it are JSON; a JSON body's have their own types. Both are
    right (core.telegram.org/bots/api#making-requests). What no method knows goes to `complain`.
    """

    method: str
    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    complain: Callable[[str], None] = lambda _: None

    def has(self, name: str) -> bool:
        """Whether it was given, and is not empty."""
        return self.values.get(name) not in (None, "") or name in self.files

    def text(self, name: str) -> str:
        """A text; empty if it wasn't given."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise bad(f'parameter "{name}" must be a String')
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise bad("strings must be encoded in UTF-8")
        return value

    def whole(self, name: str) -> int | None:
        """A whole number of at most 64 bits, or None if it wasn't given."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,19}", str(value)) or abs(int(value)) >= 2**63:
            raise bad(f'parameter "{name}" must be an Integer')
        return int(value)

    def flag(self, name: str) -> bool:
        """A yes or no; no if it wasn't given."""
        value = self.values.get(name)
        words = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False, "": False}
        if value is None or isinstance(value, bool):
            return bool(value)
        if not isinstance(value, str) or value not in words:
            raise bad(f'parameter "{name}" must be a Boolean')
        return words[value]

    def json(self, name: str) -> Any:
        """A list or an object, or None if it wasn't given."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            value = json.loads(value) if isinstance(value, str) else value
            json.dumps(value, ensure_ascii=False).encode()
        except ValueError as error:  # also a half of a surrogate pair in it
            raise bad(f'can\'t parse "{name}" JSON object') from error
        return value

    def dictionary(self, name: str, known: Collection[str]) -> Json | None:
        """An object with these fields, or None if it wasn't given."""
        value = self.json(name)
        return None if value is None else self.only(name, value, known)

    def items(self, name: str) -> list[Any]:
        """A list; empty if it wasn't given."""
        value = self.json(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise bad(f'parameter "{name}" must be an Array')
        return value

    def only(self, what: str, value: Any, known: Collection[str]) -> Json:
        """`value` as an object; fields that the Bot API doesn't know are complained of."""
        if not isinstance(value, dict):
            raise bad(f'"{what}" must be an Object')
        for name in value.keys() - set(known):
            self.complain(f"{self.method}: {what} has no field {name!r}")
        return value


def read(method: str, query: bytes, kind: str, body: bytes, complain: Callable[[str], None]) -> Asked:
    """The parameters of a call: from the address and from a form, a JSON body or a multipart body. Refused."""
    try:
        values: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True, errors="strict"))
        media, _, _ = kind.partition(";")
        files: dict[str, Upload] = {}
        match media.strip().lower():
            case "application/json":
                values |= _object(body)
            case "application/x-www-form-urlencoded":
                values |= dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
            case "multipart/form-data":
                fields, files = _multipart(kind, body)
                values |= fields
            case _ if body:
                complain(f"{method}: the body's content type {kind!r} is none that the Bot API reads")
    except UnicodeDecodeError as error:
        raise bad("strings must be encoded in UTF-8") from error
    return Asked(method, values, files, complain)


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body.decode() or "{}")
    except ValueError as error:
        raise bad("can't parse JSON-encoded request body") from error
    if not isinstance(value, dict):
        raise bad("expected a JSON object as request body")
    return value


def _multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    match = re.search(r'boundary="?([^";]+)"?', kind)
    if match is None:
        raise bad("boundary is missing in multipart/form-data")
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for section in (b"\r\n" + body).split(b"\r\n--" + match[1].encode())[1:-1]:
        head, _, content = section.partition(b"\r\n\r\n")
        name = re.search(r'[; ]name="([^"]*)"', head.decode())
        file = re.search(r'filename="([^"]*)"', head.decode())
        if name is None:
            raise bad("multipart/form-data part has no name")
        if file:
            files[name[1]] = Upload(file[1], content)
        else:
            fields[name[1]] = content.decode()
    return fields, files
