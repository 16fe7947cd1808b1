from __future__ import annotations

import json
from pathlib import Path

import pytest

from web.vendor import (
    DIST,
    VendorMissing,
    bundle_studio,
    clean_vendor,
    copy_vendor,
    missing_parts,
    vendor_folder,
)

ROOT = Path(__file__).parents[2]


def tree(root):
    for source in DIST:
        place = root / "node_modules" / source
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("a();\n//# sourceMappingURL=a.js.map\n")
        package = "/".join(source.split("/")[: 2 if source[0] == "@" else 1])
        manifest = root / "node_modules" / package / "package.json"
        manifest.write_text('{"version": "1.2.3"}')


def test_copies_are_made_once_without_source_maps_and_removed_again(tmp_path):
    tree(tmp_path)
    assert sorted(copy_vendor(tmp_path)) == sorted(DIST.values())
    assert copy_vendor(tmp_path) == []
    assert (vendor_folder(tmp_path) / "htmx.min.js").read_text() == "a();\n"
    assert json.loads((vendor_folder(tmp_path) / "versions.json").read_text())["bpmn-js"] == "1.2.3"
    assert missing_parts(tmp_path, tuple(DIST.values())) == []
    clean_vendor(tmp_path)
    assert not vendor_folder(tmp_path).exists()


def test_everything_missing_is_named_before_anything_is_copied(tmp_path):
    tree(tmp_path)
    (tmp_path / "node_modules" / "htmx.org/dist/htmx.min.js").unlink()
    with pytest.raises(VendorMissing, match=r"htmx\.min\.js"):
        copy_vendor(tmp_path)
    assert not vendor_folder(tmp_path).exists()


def test_the_lock_pins_every_package_and_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(version[0].isdecimal() for version in wanted.values())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_a_studio_without_its_bundler_is_told(tmp_path):
    with pytest.raises(VendorMissing, match="esbuild"):
        bundle_studio(tmp_path)
