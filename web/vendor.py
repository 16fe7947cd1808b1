"""Copies the browser parts that are not ours from node_modules to web/static/vendor.

Standard library only: the set-up runs it before anything is installed. The copies are never
committed; without them all pages work but diagrams and the studio, which say what is missing.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Final

#: file in node_modules -> file in web/static/vendor
DIST: Final[dict[str, str]] = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-viewer.min.js",
    "bpmn-js/dist/bpmn-modeler.production.min.js": "bpmn-modeler.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css": "bpmn-font.css",
    "bpmn-js/LICENSE": "bpmn-js.LICENSE",
    "bpmn-js-properties-panel/dist/bpmn-js-properties-panel.umd.js": "properties-panel.js",
    "@bpmn-io/properties-panel/dist/assets/properties-panel.css": "properties-panel.css",
    "zeebe-bpmn-moddle/resources/zeebe.json": "zeebe.json",
}
#: the drawing parts; the viewer needs the first four, the studio all
VIEWER: Final = ("bpmn-viewer.min.js", "diagram-js.css", "bpmn-js.css", "bpmn-font.css")
STUDIO: Final = (
    "bpmn-modeler.min.js",
    "properties-panel.js",
    "properties-panel.css",
    "zeebe.json",
    *VIEWER[1:],
)


class VendorMissing(Exception):
    """node_modules lacks files that the pages need; the message names them."""


def vendor_folder(root: Path) -> Path:
    """Where the copies stand."""
    return root / "web" / "static" / "vendor"


def copy_vendor(root: Path) -> list[str]:
    """Copy every dist file that changed; the names of those copied, empty when all were there.

    Raises:
        VendorMissing: before anything is copied, with every file that node_modules lacks.
    """
    modules, target = root / "node_modules", vendor_folder(root)
    missing = [source for source in DIST if not (modules / source).is_file()]
    if missing:
        raise VendorMissing("run npm ci first; missing: " + ", ".join(missing))
    target.mkdir(parents=True, exist_ok=True)
    copied = []
    for source, name in DIST.items():
        content = (modules / source).read_bytes()
        if name.endswith(".js"):
            content = _without_source_map(content)
        place = target / name
        if not place.is_file() or place.read_bytes() != content:
            place.write_bytes(content)
            copied.append(name)
    (target / "versions.json").write_text(json.dumps(_versions(modules), indent=1) + "\n")
    return copied


def missing_parts(root: Path, names: tuple[str, ...]) -> list[str]:
    """Which of these copies are not there."""
    return [name for name in names if not (vendor_folder(root) / name).is_file()]


def clean_vendor(root: Path) -> None:
    """Remove the copies."""
    shutil.rmtree(vendor_folder(root), ignore_errors=True)


def _without_source_map(content: bytes) -> bytes:
    """The map is not shipped; a browser would ask for it and log a 404."""
    head, mark, _ = content.rpartition(b"\n//# sourceMappingURL=")
    return head + b"\n" if mark else content


def _versions(modules: Path) -> dict[str, str]:
    """Name and version of each package copied from."""
    names = {"/".join(source.split("/")[: 2 if source[0] == "@" else 1]) for source in DIST}
    return {
        name: json.loads((modules / name / "package.json").read_text())["version"]
        for name in sorted(names)
    }


def main() -> None:
    """Copy for the tree that this file stands in, and say what was copied."""
    for name in copy_vendor(Path(__file__).resolve().parent.parent):
        sys.stdout.write(f"  web/static/vendor/{name}\n")


if __name__ == "__main__":
    main()
