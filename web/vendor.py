"""Brings the browser parts that are not ours from node_modules to web/static/vendor.

Dist files are copied; the studio is bundled from web/studio. Standard library only: the set-up
runs it before anything is installed. What it makes is never committed; without it all pages work
but diagrams and the studio, which say what is missing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

#: file in node_modules -> file in web/static/vendor
DIST: Final[dict[str, str]] = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-viewer.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css": "bpmn-font.css",
    "bpmn-js/LICENSE": "bpmn-js.LICENSE",
}
#: the parts that show a drawing
VIEWER: Final = ("bpmn-viewer.min.js", "diagram-js.css", "bpmn-js.css", "bpmn-font.css")
#: the bundle that changes one: file in web/studio -> file in web/static/vendor
BUNDLES: Final[dict[str, str]] = {
    "main.js": "studio.js",
    "studio.css": "studio.css",
    "panel.css": "studio-panel.css",
    "forms/main.js": "studio-forms.js",
    "forms.css": "studio-forms.css",
    "forms-panel.css": "studio-forms-panel.css",
    "decision.js": "decision.js",
    "decision-reader.js": "decision-reader.js",
    "decision.css": "decision.css",
}
STUDIO: Final = tuple(BUNDLES.values())
#: the parts of the form editor
FORMS: Final = ("studio-forms.js", "studio-forms.css", "studio-forms-panel.css")
#: the parts of the decision editor
DECISIONS: Final = ("decision.js", "decision-reader.js", "decision.css", "diagram-js.css")
#: licences of all that the bundle holds
LICENCES: Final = "studio.licences.txt"
_ESBUILD: Final = (
    *("--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8"),
    *("--legal-comments=none", "--log-level=warning"),
    *("--loader:.svg=dataurl", "--loader:.woff2=dataurl"),
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


def bundle_studio(root: Path) -> list[str]:
    """Build the studio's bundle; the names of its files.

    Raises:
        VendorMissing: when node_modules lacks the bundler, or a part does not build.
    """
    modules, target = root / "node_modules", vendor_folder(root)
    bundler = modules / "esbuild" / "bin" / "esbuild"
    if not bundler.is_file():
        raise VendorMissing("run npm ci first; missing: esbuild")
    target.mkdir(parents=True, exist_ok=True)
    inputs: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        for source, name in BUNDLES.items():
            told, made = Path(folder) / "told.json", Path(folder) / name
            words = [str(bundler), f"web/studio/{source}", f"--outfile={made}", *_ESBUILD]
            done = subprocess.run(  # noqa: S603 - our own pinned bundler on our own files
                [*words, f"--metafile={told}"], cwd=root, check=False
            )
            if done.returncode:
                raise VendorMissing(f"web/studio/{source} does not build")
            inputs |= set(json.loads(told.read_text())["inputs"])
            (target / name).write_bytes(made.read_bytes())
    (target / LICENCES).write_text(_licences(root, inputs))
    return [*BUNDLES.values(), LICENCES]


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


def _licences(root: Path, inputs: set[str]) -> str:
    """Name, version and licence of every package that the bundle's files come from."""
    packages = set()
    for name in inputs:
        holder, mark, inside = name.rpartition("node_modules/")
        if mark:
            parts = inside.split("/")[: 2 if inside.startswith("@") else 1]
            packages.add(root / holder / "node_modules" / Path(*parts))
    return "\n\n".join(_licence(package) for package in sorted(packages))


def _licence(package: Path) -> str:
    told = json.loads((package / "package.json").read_text())
    files = sorted(package.glob("LICEN[CS]E*"))
    text = files[0].read_text() if files else f"Licence: {told.get('license', 'not stated')}\n"
    return f"{told['name']} {told['version']}\n\n{text}"


def main() -> None:
    """Bring all to the tree that this file stands in, and say what came."""
    root = Path(__file__).resolve().parent.parent
    for name in (*copy_vendor(root), *bundle_studio(root)):
        sys.stdout.write(f"  web/static/vendor/{name}\n")


if __name__ == "__main__":
    main()
