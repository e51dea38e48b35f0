"""XML files of other tools, read without trust."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import InputError


def parse_xml(data: bytes, name: str) -> Element:
    """The root element. Raises InputError; entities of the document's own can swell to any size, or read other files,
    so they are refused."""
    try:
        element: Element = fromstring(data)
    except ParseError as error:
        raise InputError(f"{name}: is not well-formed XML: {error}") from None
    except DefusedXmlException:
        raise InputError(f"{name}: declares XML entities, which are not read; remove them") from None
    except (LookupError, ValueError) as error:
        raise InputError(f"{name}: is in an encoding that can't be read: {error}") from None
    return element


def tag(element: Element) -> str:
    """The name without its namespace. (Comments are dropped by the parser.)"""
    return element.tag.rpartition("}")[2]
