"""XML read event by event, without entities. Knows the parser; knows no format."""

from __future__ import annotations

from typing import Any, Protocol
from xml.parsers import expat


class Handlers(Protocol):
    """What wants to hear of an element and of its text."""

    def start(self, name: str, attributes: dict[str, str], /) -> None: ...

    def end(self, name: str, /) -> None: ...

    def text(self, text: str, /) -> None: ...


def walk(content: bytes, handlers: Handlers) -> None:
    """Raises expat.ExpatError for what is no XML, ValueError for an entity; what the handlers raise goes through."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.text
    parser.EntityDeclHandler = _refuse
    parser.Parse(content, True)


def _refuse(*_: Any) -> None:
    raise ValueError("entities are refused before")
