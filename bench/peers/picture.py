"""The peers as a picture: for each database CPU on the left and wall on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

_WIDTH: Final = 800
#: where the bars of a measure begin, and the length of its longest; figures stand behind it
_COLUMNS: Final = {"cpu": 160, "wall": 475}
_ROOM: Final = 150
_ROW, _BAR = 30, 16
_TOP, _PANEL = 66, 36
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#1c2733}"
    ".head{font-size:15px;font-weight:600}.small{font-size:12px;fill:#4a5967}"
    ".cpu{fill:#1f5f8b}.wall{fill:#7fb0d0}.floor{stroke:#b3261e;stroke-width:2}"
    ".axis{stroke:#c9d2da}"
)


def drawn(found: Mapping[str, Rows], machine: str) -> str:
    """An SVG of all databases; times of a whole instance, the floor as a red line."""
    parts: list[str] = []
    y = _TOP
    for kind, rows in found.items():
        y = _panel(parts, kind, rows, y)
    height = y + 26
    told = "The same process by four engines: start, script, three user tasks, end"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title">'
        f'<title id="title">{escape(_words(found))}</title><style>{_STYLE}</style>'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text class="head" x="16" y="26">{told}</text>{_legend()}'
    )
    foot = f'<text class="small" x="16" y="{height - 10}">{escape(machine)}</text></svg>\n'
    return head + "".join(parts) + foot


def _legend() -> str:
    words = "median of a whole instance, each step committed; shorter is better"
    return (
        f'<text class="small" x="16" y="47">{words}</text>'
        '<line class="floor" x1="475" x2="475" y1="36" y2="50"/>'
        '<text class="small" x="483" y="47">floor: as many commits of as many bytes</text>'
    )


def _panel(parts: list[str], kind: str, rows: Rows, top: int) -> int:
    """One database; the y below it."""
    first, last = top + _PANEL, top + _PANEL + len(rows) * _ROW
    parts.append(f'<text class="head" x="16" y="{top + 22}">{escape(kind)}</text>')
    for number, row in enumerate(rows):
        parts.append(
            f'<text x="16" y="{first + number * _ROW + 13}">{escape(row["engine"])}</text>'
        )
    for what, left in _COLUMNS.items():
        name = "CPU" if what == "cpu" else "wall"
        parts.append(f'<text class="small" x="{left}" y="{top + 22}">{name}</text>')
        scale = _ROOM / max(row[f"{what}_instance"] for row in rows)
        for number, row in enumerate(rows):
            parts += _bar(row, what, first + number * _ROW, scale)
        axis = f'x1="{left}" x2="{left}" y1="{first - 6}" y2="{last - 6}"'
        parts.append(f'<line class="axis" {axis}/>')
    return last


def _bar(row: Mapping[str, Any], what: str, y: int, scale: float) -> list[str]:
    left = _COLUMNS[what]
    seconds, least = row[f"{what}_instance"], row[f"floor_{what}_instance"]
    length, floor = max(seconds * scale, 1), left + least * scale
    figure = f"{1000 * seconds:.1f} ms, {seconds / least:.1f} floors"
    ends = f'y1="{y - 2}" y2="{y + _BAR + 2}"'
    return [
        f'<rect class="{what}" x="{left}" y="{y}" width="{length:.1f}" height="{_BAR}"/>',
        f'<line class="floor" x1="{floor:.1f}" x2="{floor:.1f}" {ends}/>',
        f'<text class="small" x="{left + length + 6:.1f}" y="{y + 12}">{figure}</text>',
    ]


def _words(found: Mapping[str, Rows]) -> str:
    """The same in words, for who cannot see it."""
    said = [
        f"{kind}: {row['engine']} {1000 * row['cpu_instance']:.1f} ms CPU, "
        f"{1000 * row['wall_instance']:.1f} ms wall"
        for kind, rows in found.items()
        for row in rows
    ]
    return "; ".join(said)
