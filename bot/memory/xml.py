"""XML from elsewhere: without entities, in memory and time that stay near its size."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from bot.errors import InputError

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The deepest known format, XLIFF, has ten elements in each other.
MAX_DEPTH = 64


def parse_xml(data: bytes, name: str) -> Element:
    """The root element. Raises InputError, also for entities that a document declares, which can expand to any size or
    read other files, and for elements in more than `MAX_DEPTH` others."""
    parser = DefusedXMLParser(target=_ShallowBuilder(name))
    with _told(name):
        parser.feed(data)
        root: Element = parser.close()
    return root


def stream(file: BinaryIO, name: str, root: str, *names: str) -> Iterator[Element]:
    """The elements of these names in a document, one after the other; what was given is forgotten. `root` is the name
    that its root must have. Raises InputError as `parse_xml` does."""
    path: list[Element] = []
    with _told(name):
        for event, element in iterparse(file, events=("start", "end")):
            if event == "start":
                if not path and tag(element) != root:
                    raise InputError(f"{name}: is no {root.upper()} file; its root element is {tag(element)}")
                path.append(element)
                _check_depth(len(path), name)
                continue
            path.pop()
            if tag(element) in names:
                yield element
                element.clear()
            # What is done is not kept, except what belongs to an element that is still to be given.
            if not any(tag(outer) in names for outer in path):
                element.clear()
                if path:
                    path[-1].remove(element)


def stream_bytes(data: bytes, name: str, root: str, *names: str) -> Iterator[Element]:
    return stream(io.BytesIO(data), name, root, *names)


def named(elements: Iterable[Element], *names: str) -> Iterator[Element]:
    return (element for element in elements if tag(element) in names)


def tag(element: Element) -> str:
    """The name of an element without its namespace. (The parser drops comments.)"""
    return element.tag.rpartition("}")[2]


class _ShallowBuilder(TreeBuilder):
    """Builds the tree of a document whose elements are not nested without end: each walk through one would take time
    with the square of its depth."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        _check_depth(self._depth, self._name)
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)


def _check_depth(depth: int, name: str) -> None:
    if depth > MAX_DEPTH:
        raise InputError(f"{name}: has more than {MAX_DEPTH} elements in each other, which no translation memory has")


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Makes an InputError of what a parser says."""
    try:
        yield
    except ParseError as error:
        raise InputError(f"{name}: is not well-formed XML: {error}") from None
    except DefusedXmlException:
        raise InputError(f"{name}: declares XML entities, which are not read; remove them") from None
    except (LookupError, ValueError) as error:
        raise InputError(f"{name}: is in an encoding that can't be read: {error}") from None
