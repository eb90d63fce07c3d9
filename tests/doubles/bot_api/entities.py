"""Telegram's texts: its HTML, what it strips, its entities (offsets in UTF-16 units), and what it finds by itself.

After tdlib/td, MessageEntity.cpp (`parse_html`, `decode_html_entity`) and `clean_input_string`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from tests.doubles.bot_api.refusals import Refused, bad

Entity = dict[str, Any]

_TYPES: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#(?:x([0-9a-fA-F]+)|([0-9]+))|([a-zA-Z]+));?")
_ATTRIBUTE: Final = re.compile(r"([^\s=>]*)\s*(=\s*)?")
_VALUE: Final = re.compile(r""" "([^"]*)(?:"|\Z) | '([^']*)(?:'|\Z) | ([A-Za-z0-9.-]*)(?=[\s>]|\Z) """, re.VERBOSE)
_FOUND: Final = (
    ("bot_command", re.compile(r"(?<![\w/@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("url", re.compile(r"(?<![\w.@])https?://[^\s<>\"]+[^\s<>\".,;:!?)]")),
)
_DROPPED: Final = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_INVISIBLE: Final = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u3164\ufeff"


def units(text: str) -> int:
    """Its length as entities count it: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity], bool]:
    """The text, its entities, and whether an ampersand stood in it that is no entity (unescaped text). Refused."""
    reader = _Html(source)
    reader.read()
    if any("\ud800" <= char <= "\udfff" for part in reader.text for char in part):
        raise _broken(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units"
        )
    return "".join(reader.text), _sorted(reader.entities), reader.stray


def _sorted(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _broken(what: str) -> Refused:
    return bad(f"can't parse entities: {what}")


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    part: int


class _Html:
    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0
        self.offset = 0
        self.text: list[str] = []
        self.entities: list[Entity] = []
        self.open: list[_Open] = []
        self.stray = False

    def read(self) -> None:
        while self.pos < len(self.source):
            if self.source.startswith("</", self.pos):
                self._end()
            elif self.source[self.pos] == "<":
                self._start()
            else:
                char, self.pos = self._character(self.pos)
                self.text.append(char)
                self.offset += units(char)
        if self.open:
            raise _broken(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _byte(self, pos: int) -> int:
        return len(self.source[:pos].encode())

    def _character(self, pos: int) -> tuple[str, int]:
        char = self.source[pos]
        if char != "&":
            return char, pos + 1
        if (match := _REFERENCE.match(self.source, pos)) and (decoded := _decoded(match)):
            return decoded, match.end()
        self.stray = True
        return char, pos + 1

    def _start(self) -> None:
        begin = self.pos
        name = re.compile(r"<([^\s>]*)").match(self.source, begin)
        assert name is not None
        self.pos, tag = name.end(), name[1].lower()
        if self.pos == len(self.source):
            raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TYPES:
            raise _broken(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        argument = ""
        while True:
            self._skip_space()
            if self.pos == len(self.source):
                raise _broken(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if self.source[self.pos] == ">":
                break
            argument = self._attribute(tag, begin) or argument
        self.pos += 1
        if tag == "span" and argument != "spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append(_Open(tag, argument, self.offset, len(self.text)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one; what it means for the entity, or nothing."""
        match = _ATTRIBUTE.match(self.source, self.pos)
        assert match is not None
        name, where = match[1].lower(), f'the tag "{tag}" at byte offset {self._byte(begin)}'
        if not name:
            raise _broken(f"Empty attribute name in {where}")
        self.pos = match.end()
        if match[2] is None:
            if tag == "blockquote" and name == "expandable":
                return "expandable"
            raise _broken(f"Expected equal sign in declaration of an attribute of {where}")
        found = _VALUE.match(self.source, self.pos)
        if found is None:
            raise _broken(f"Unexpected end of name token at byte offset {self._byte(self.pos)}")
        self.pos = found.end()
        value = next((group for group in found.groups() if group is not None), "")
        value = _REFERENCE.sub(lambda reference: _decoded(reference) or reference[0], value)
        match tag, name:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                return value
            case ("code", "class"):
                return value.removeprefix("language-")
            case ("span", "class"):
                return value.removeprefix("tg-")
            case ("blockquote", "expandable"):
                return "expandable"
            case _:
                return ""

    def _end(self) -> None:
        begin = self.pos
        if not self.open:
            raise _broken(f"Unexpected end tag at byte offset {self._byte(begin)}")
        match = re.compile(r"</([^\s>]*)\s*(>?)").match(self.source, begin)
        assert match is not None
        if not match[2]:
            raise _broken(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self.open.pop()
        if match[1] and match[1].lower() != opened.tag:
            raise _broken(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", '
                f'found "</{match[1].lower()}>"'
            )
        self.pos = match.end()
        if self.offset > opened.offset:
            self._add(opened)

    def _add(self, opened: _Open) -> None:
        entity: Entity = {
            "type": _TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        match opened.tag:
            case "a":
                target = link(opened.argument or "".join(self.text[opened.part :]))
                if target is None:
                    return
                entity["url"] = target
            case "tg-emoji":
                if not opened.argument.isdigit():
                    raise _broken("Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = opened.argument
            case "blockquote" if opened.argument:
                entity["type"] = "expandable_blockquote"
            case "pre" if self.entities and self._is_code_inside(self.entities[-1], entity):
                entity["language"] = self.entities.pop().pop("language")
            case "code" if opened.argument:
                entity["language"] = opened.argument
            case _:
                pass
        if entity["type"] == "code" and not (self.open and self.open[-1].tag == "pre"):
            entity.pop("language", None)
        self.entities.append(entity)

    @staticmethod
    def _is_code_inside(code: Entity, pre: Entity) -> bool:
        return bool("language" in code and (code["offset"], code["length"]) == (pre["offset"], pre["length"]))

    def _skip_space(self) -> None:
        while self.pos < len(self.source) and self.source[self.pos].isspace():
            self.pos += 1


def _decoded(reference: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _NAMED.get(name)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF else None


def link(url: str) -> str | None:
    """The address as Telegram keeps it, or None where it sees none: the text then stays plain, without a word."""
    url = url.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() == "tg":
        return url
    if parts.scheme.lower() not in {"http", "https"} or re.search(r"\s", host):
        return None
    if "." not in host.strip("."):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"


def clean(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text as it is kept: without controls and bidi marks, stripped at both ends; entities moved along."""
    blanked = _BLANKED.sub(" ", text)
    kept = [not _DROPPED.match(char) for char in blanked]
    start = next((i for i, char in enumerate(blanked) if kept[i] and not char.isspace()), len(blanked))
    end = next((i + 1 for i in range(len(blanked) - 1, -1, -1) if kept[i] and not blanked[i].isspace()), start)
    moved, new, offset = {0: 0}, 0, 0
    result = []
    for i, char in enumerate(blanked):
        moved[offset] = new
        offset += units(char)
        if kept[i] and start <= i < end:
            result.append(char)
            new += units(char)
    moved[offset] = new
    fixed = []
    for entity in entities:
        first, last = moved[entity["offset"]], moved[entity["offset"] + entity["length"]]
        if last > first:
            fixed.append({**entity, "offset": first, "length": last - first})
    return "".join(result), _sorted(fixed)


def is_blank(text: str) -> bool:
    """Whether nobody would see anything of it."""
    return not text.translate(dict.fromkeys(map(ord, _INVISIBLE))).strip()


def given(text: str, entities: list[Entity]) -> list[Entity]:
    """Entities that a bot sent along with a text. Refused if they are not of it."""
    edges, offset = {0}, 0
    for char in text:
        offset += units(char)
        edges.add(offset)
    for entity in entities:
        first, last = entity["offset"], entity["offset"] + entity["length"]
        if entity["length"] <= 0 or first < 0 or last > offset:
            raise bad(
                f"entity beginning at UTF-16 offset {first} ends after the end of the text at UTF-16 offset {last}"
            )
        if first not in edges or last not in edges:
            raise bad(f"entity beginning at UTF-16 offset {first} ends in a middle of a UTF-16 symbol")
    return _sorted(entities)


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """And those that Telegram finds by itself: commands, mentions, addresses."""
    covered = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in entities
        if entity["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            first = units(text[: match.start()])
            last = first + units(match[0])
            if not any(first < end and begin < last for begin, end in covered):
                covered.append((first, last))
                found.append({"type": kind, "offset": first, "length": last - first})
    return _sorted([*entities, *found])


def part(text: str, entity: Entity) -> str:
    """The text that an entity covers."""
    raw = text.encode("utf-16-le")
    return raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


def overlapping(entities: list[Entity]) -> bool:
    """Whether two entities cross without one holding the other (which Telegram splits, and nobody wants)."""
    spans = [(entity["offset"], entity["offset"] + entity["length"]) for entity in _sorted(entities)]
    return any(first[0] < second[0] < first[1] < second[1] for first, second in pairwise(spans))
