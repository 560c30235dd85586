"""HTML as values: text that is no element is escaped."""

from collections.abc import Iterable
from html import escape

_WITHOUT_END = frozenset({"input", "meta", "wbr"})


class Element(str):
    """Finished HTML."""

    __slots__ = ()


Content = str | Iterable["Content"]


def element(name: str, /, *content: Content, **attributes: str) -> Element:
    """Return the element with its content; `class_` is the attribute class."""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    end = "" if name in _WITHOUT_END else f"</{name}>"
    return Element(f"<{name}{written}>{together(*content)}{end}")


def together(*content: Content) -> Element:
    """Return several pieces one after the other."""
    return Element("".join(map(_one, content)))


def _one(content: Content) -> str:
    if isinstance(content, Element):
        return str(content)
    return escape(content) if isinstance(content, str) else together(*content)
