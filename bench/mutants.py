"""Files that were spoilt on purpose: bytes, trees of XML and JSON, parts of a workbook."""

from __future__ import annotations

import io
import json
import zipfile
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

#: texts that lie in wait where a name, number, time, expression or address is expected
TEXTS: Final = (
    "",
    " ",
    "=",
    "=1/0",
    "=for i in 1..1000000000 return i",
    '=repeat("x", 1000000000)',
    "=((((((((((((((((((((1))))))))))))))))))))",
    "=" + "(" * 2_000,
    "=not(",
    "true",
    "-1",
    "0",
    "1e309",
    "NaN",
    "9" * 400,
    "P1000000000000Y",
    "R/PT0S",
    "R99999999999/PT1S",
    "9999-12-31T23:59:59+14:00",
    "../../../../etc/passwd",
    "http://169.254.169.254/",
    "__class__",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "\u202e\ufffe\u0000x",
    "a" * 70_000,
    "(a+)+$",
    "Ω≈ç√ \U0001f600",
)
#: bytes that are no text of an XML or JSON file
_BYTES: Final = (b"\x00", b"\xff\xfe", b"]]>", b"&x;", b"<!--", b"<!DOCTYPE a>", b"\xed\xa0\x80")
_DEPTH: Final = (3, 60, 3_000)
_WIDTH: Final = (2, 40, 400)


def in_bytes(content: bytes, chance: random.Random) -> bytes:
    """A file in which some places were cut out, doubled, moved, flipped or filled."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        length = chance.choice((1, 1, 4, 30, 400, 4_000))
        deed = chance.randrange(5)
        if deed == 0:
            del found[at : at + length]
        elif deed == 1:
            found[at:at] = found[at : at + length]
        elif deed == 2 and at < len(found):
            found[at] ^= 1 << chance.randrange(8)
        elif deed == 3:
            found[at:at] = chance.choice(_BYTES)
        else:
            del found[at:]
        if not found:
            break
    return bytes(found)


# ---- XML


def in_xml(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A drawing with changed elements, attributes and texts; some come from another drawing."""
    root = etree.fromstring(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        every = _elements(root)
        _change(chance.choice(every), every, others, chance)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _change(
    one: etree._Element,
    every: Sequence[etree._Element],
    others: Sequence[bytes],
    chance: random.Random,
) -> None:
    parent, deed = one.getparent(), chance.randrange(9)
    if deed == 0 and parent is not None:
        parent.remove(one)
    elif deed == 1 and parent is not None:
        parent.insert(chance.randrange(len(parent) + 1), deepcopy(one))
    elif deed == 2 and parent is not None:
        _move(one, chance.choice(every))
    elif deed == 3 and one.attrib:
        del one.attrib[chance.choice(list(one.attrib))]
    elif deed == 4 and one.attrib:
        _set(one, chance.choice(list(one.attrib)), chance.choice(TEXTS))
    elif deed == 5 and one.attrib:
        # an id where another one is meant: flows to nowhere, circles, twins
        other = chance.choice([two for two in every if two.attrib] or [one])
        value = chance.choice([str(value) for value in other.attrib.values()])
        _set(one, chance.choice(list(one.attrib)), value)
    elif deed == 6:
        one.text = _writable(chance.choice(TEXTS))
    elif deed == 7:
        one.tag = chance.choice(every).tag
    else:
        one.append(deepcopy(chance.choice(_elements(etree.fromstring(chance.choice(others))))))
        if chance.random() < 0.1:
            _deepen(one, chance.choice(_DEPTH))


def _elements(root: etree._Element) -> list[etree._Element]:
    """All but comments and processing instructions."""
    return list(root.iter("*"))


def _move(one: etree._Element, to: etree._Element) -> None:
    if to is not one and one not in list(to.iterancestors()):
        to.append(one)


def _deepen(one: etree._Element, depth: int) -> None:
    """The element within itself, and again."""
    tag, attributes = one.tag, {str(name): str(value) for name, value in one.attrib.items()}
    for _ in range(depth):
        one = etree.SubElement(one, tag, attributes)


def _set(one: etree._Element, name: Any, value: str) -> None:
    one.set(name, _writable(value))


def _writable(text: str) -> str:
    """What lxml lets into a tree."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


# ---- JSON


def in_json(content: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """A form with changed members; some come from another form."""
    root = json.loads(content)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        places = _places(root)
        if not places:
            break
        holder, key = chance.choice(places)
        try:
            _alter(holder, key, places, others, chance)
        except RecursionError:
            break  # it is too deep to be copied once more
    try:
        return json.dumps(root, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    except RecursionError:
        return b"[" * 100_000


def _places(root: Any) -> list[tuple[Any, Any]]:
    """Every place in a tree, however deep: what holds it, and its key or index."""
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            found.append((node, key))
            if isinstance(node[key], dict | list):
                waiting.append(node[key])
    return found


def _alter(
    holder: Any,
    key: Any,
    places: Sequence[tuple[Any, Any]],
    others: Sequence[bytes],
    chance: random.Random,
) -> None:
    deed = chance.randrange(7)
    if deed == 0:
        del holder[key]
    elif deed == 1:
        holder[key] = chance.choice(TEXTS)
    elif deed == 2:
        holder[key] = chance.choice((None, True, -1, 0, 1.5, 1e308, 10**30, [], {}, [[]]))
    elif deed == 3:
        holder[key] = _many(holder[key], chance)
    elif deed == 4:
        other, name = chance.choice(places)
        holder[key] = deepcopy(other[name]) if _has(other, name) else None
    elif deed == 5 and isinstance(holder, dict):
        holder[chance.choice((*TEXTS[:8], "type", "key", "path", "conditional"))] = holder.pop(key)
    else:
        foreign = _places(json.loads(chance.choice(others)))
        other, name = chance.choice(foreign)
        holder[key] = deepcopy(other[name])


def _has(holder: Any, key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _many(value: Any, chance: random.Random) -> Any:
    """The value many times beside or within itself."""
    if chance.random() < 0.5:
        return [deepcopy(value) for _ in range(chance.choice(_WIDTH))]
    made = value
    for _ in range(chance.choice((3, 60, 300))):
        made = [made] if chance.random() < 0.5 else {"components": [made], "type": "group"}
    return made


# ---- workbooks


def in_parts(
    content: bytes,
    chance: random.Random,
    spoilt: Callable[[bytes, random.Random], bytes] = in_bytes,
) -> bytes:
    """A workbook with spoilt, lost, doubled, swollen or exchanged parts."""
    parts = _parts(content)
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice(list(parts))
        deed = chance.randrange(7)
        if deed == 0:
            del parts[name]
        elif deed == 1:
            parts[name] = spoilt(parts[name], chance)
        elif deed in {2, 3} and name.endswith((".xml", ".rels")):
            parts[name] = _in_sheet(parts[name], list(parts.values()), chance)
        elif deed == 4:
            other = chance.choice(list(parts))
            parts[name], parts[other] = parts[other], parts[name]
        elif deed == 5:
            parts[chance.choice(("xl/../../x", "/x", "xl/worksheets/s" * 40))] = parts[name]
        else:
            parts[name] += b" " * chance.choice((10_000, 3_000_000))
        if not parts:
            break
    made = _zip(parts)
    return in_bytes(made, chance) if chance.random() < 0.15 else made


def _in_sheet(part: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    readable = [one for one in (part, *others) if _is_xml(one)]
    return in_xml(part, readable, chance) if _is_xml(part) else in_bytes(part, chance)


def _is_xml(content: bytes) -> bool:
    try:
        etree.fromstring(content)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return made.getvalue()
