"""The little Markdown that a form's text may use, turned into safe HTML.

Everything is escaped first; then headings, paragraphs, lists, **bold**, *italic*, `code` and links
to https pages become elements. No HTML of the author's passes.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_BOLD: Final = re.compile(r"\*\*([^*\n]+)\*\*")
_ITALIC: Final = re.compile(r"(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])")
_CODE: Final = re.compile(r"`([^`\n]+)`")
#: no [ within: a scan from each of many to the end of the text would take the square of its length
_LINK: Final = re.compile(r"\[([^\[\]\n]+)\]\((https://[^\s()<>&\"']+)\)")
_ITEM: Final = re.compile(r"(?:[-*]|\d{1,3}\.) +(.*)")
_HEADING: Final = re.compile(r"(#{1,4}) +(.*)")


def render(text: str) -> Markup:
    """Safe HTML of a Markdown text."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.strip()) if block.strip()]
    return Markup("\n").join(Markup(_block(block.strip("\n"))) for block in blocks)  # noqa: S704 - escaped piece by piece


def _block(block: str) -> str:
    lines = block.split("\n")
    heading = _HEADING.fullmatch(lines[0])
    if heading and len(lines) == 1:
        level = len(heading[1]) + 1  # the page owns h1
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    items = [_ITEM.fullmatch(line.strip()) for line in lines]
    if all(items):
        name = "ol" if lines[0].lstrip()[0].isdigit() else "ul"
        inside = "".join(f"<li>{_inline(item[1])}</li>" for item in items if item)
        return f"<{name}>{inside}</{name}>"
    return "<p>" + "<br>".join(_inline(line) for line in lines) + "</p>"


def _inline(text: str) -> str:
    safe = str(escape(text))
    safe = _CODE.sub(r"<code>\1</code>", safe)
    safe = _LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', safe)
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    return _ITALIC.sub(r"<em>\1</em>", safe)
