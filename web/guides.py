"""The guides of docs/panduan: short texts per role, told on the pages and kept true by tests.

A heading is an anchor; a page's help leads to the section that speaks of it. In the title of a
picture stands the page it shows; it is for who takes the picture, not for who reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

#: a wheel carries them beside the packages, the tree in docs
_PLACES: Final = (
    Path(__file__).parents[1] / "regu_guides",
    Path(__file__).parents[1] / "docs" / "panduan",
)
#: the guides, as people look for themselves
ROLES: Final = ("pegawai", "ketua-tim", "penilai", "sdm", "pemilik-proses")
#: blueprint -> guide and section that speak of its pages
SECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "inbox": ("pegawai", "tugas"),
    "task": ("pegawai", "tugas"),
    "together": ("pegawai", "tugas"),
    "start": ("pegawai", "mulai"),
    "notices": ("pegawai", "pemberitahuan"),
    "plan": ("pegawai", "skp"),
    "chain": ("pegawai", "skp"),
    "documents": ("pegawai", "skp"),
    "claims": ("pegawai", "klaim"),
    "ledger": ("pegawai", "klaim"),
    "certificate": ("pegawai", "klaim"),
    "evidence": ("pegawai", "klaim"),
    "dialog": ("pegawai", "dialog"),
    "voices": ("pegawai", "dialog"),
    "evaluation": ("pegawai", "hasil"),
    "follow_up": ("pegawai", "hasil"),
    "ekinerja": ("pegawai", "salin"),
    "daily_notes": ("pegawai", "catatan"),
    "portfolio": ("pegawai", "hasil"),
    "functional_credit": ("pegawai", "angka"),
    "functional_officials": ("sdm", "angka"),
    "forecasts": ("pegawai", "perkiraan"),
    "places": ("pegawai", "tim"),
    "membership": ("pegawai", "tim"),
    "account": ("pegawai", "masuk"),
    "own_data": ("pegawai", "masuk"),
    "factor": ("pegawai", "masuk"),
    "entrance": ("pegawai", "masuk"),
    "search": ("pegawai", "masuk"),
    "next_step": ("pegawai", "tugas"),
    "services": ("sdm", "suara"),
    "survey": ("sdm", "suara"),
    "squads": ("ketua-tim", "tim"),
    "outputs": ("ketua-tim", "porsi"),
    "attest": ("ketua-tim", "atestasi"),
    "dispute": ("ketua-tim", "sengketa"),
    "team": ("penilai", "bawahan"),
    "matrix": ("penilai", "matriks"),
    "calibration": ("penilai", "kalibrasi"),
    "objections": ("penilai", "keberatan"),
    "practice": ("penilai", "latihan"),
    "radar": ("sdm", "radar"),
    "workload": ("sdm", "beban"),
    "job_tasks": ("sdm", "beban"),
    "lessons": ("ketua-tim", "pelajaran"),
    "flows": ("sdm", "aliran"),
    "allowances": ("sdm", "pemanfaatan"),
    "oversight": ("sdm", "pengawasan"),
    "exchange": ("sdm", "siasn"),
    "undertakings": ("sdm", "administrasi"),
    "admin": ("sdm", "administrasi"),
    "admin_people": ("sdm", "administrasi"),
    "admin_audit": ("sdm", "administrasi"),
    "audit_readings": ("sdm", "administrasi"),
    "admin_calendar": ("sdm", "administrasi"),
    "imports": ("sdm", "administrasi"),
    "process": ("pemilik-proses", "proses"),
    "overview": ("pemilik-proses", "proses"),
    "studio": ("pemilik-proses", "studio"),
    "drafts": ("pemilik-proses", "studio"),
    "steps": ("pemilik-proses", "langkah"),
    "decisions": ("pemilik-proses", "keputusan"),
    "sandbox": ("pemilik-proses", "mainkan"),
    "trials": ("pemilik-proses", "uji"),
    "simulations": ("pemilik-proses", "uji"),
    "releases": ("pemilik-proses", "terbitan"),
    "form_editor": ("pemilik-proses", "formulir"),
    "process_map": ("pemilik-proses", "peta"),
    "standing": ("pemilik-proses", "peta"),
    "library": ("pemilik-proses", "studio"),
    "steering": ("pemilik-proses", "kendali"),
    "versions": ("pemilik-proses", "versi"),
    "batches": ("pemilik-proses", "versi"),
}
_TRIM: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide, ready for a page."""

    role: str
    title: str
    #: its first paragraph, as text
    lead: str
    #: without the title
    body: Markup


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a guide names, and the page it shows."""

    file: str
    #: "/tugas", or "/tugas > Klaim kontribusi": the words of links to follow from there
    page: str


def folder() -> Path:
    """Where the guides lie."""
    return next(place for place in _PLACES if place.is_dir())


@lru_cache(maxsize=len(ROLES))
def read(role: str) -> str:
    """The Markdown of a guide; `KeyError` for a role without one."""
    if role not in ROLES:
        raise KeyError(role)
    return (folder() / f"{role}.md").read_text(encoding="utf-8")


def guide(role: str, picture: Callable[[str], str]) -> Guide:
    """A guide; `picture` gives the address of a picture's file. `KeyError` for no guide."""
    tokens = _parser().parse(read(role))
    title, lead = tokens[1].content, tokens[4].content
    body = tokens[3:]
    for token in body:
        _anchor(body, token)
        for child in token.children or ():
            _place(child, picture)
    html = _parser().renderer.render(body, _parser().options, {})
    return Guide(role=role, title=title, lead=lead, body=Markup(html))  # noqa: S704 - our own text, HTML off


def sections(role: str) -> Sequence[str]:
    """The anchors of a guide."""
    tokens = _parser().parse(read(role))
    return [
        slug(tokens[at + 1].content)
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]


def pictures(role: str) -> Iterator[Picture]:
    """The pictures of a guide."""
    for token in _parser().parse(read(role)):
        for child in token.children or ():
            if child.type == "image":
                file = str(child.attrs["src"]).rpartition("/")[2]
                yield Picture(file, str(child.attrs.get("title", "")))


def help_of(blueprint: str | None) -> tuple[str, str] | None:
    """The guide and its section that speak of the pages of a blueprint."""
    return SECTIONS.get(blueprint or "")


def slug(words: str) -> str:
    """The anchor of a heading: its first word."""
    return _TRIM.sub("-", words.lower()).strip("-").partition("-")[0]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _anchor(tokens: Sequence[Token], token: Token) -> None:
    if token.type == "heading_open":
        words = tokens[tokens.index(token) + 1].content
        token.attrSet("id", slug(words))


def _place(child: Token, picture: Callable[[str], str]) -> None:
    if child.type == "image":
        child.attrSet("src", picture(str(child.attrs["src"]).rpartition("/")[2]))
        child.attrSet("loading", "lazy")
        child.attrs.pop("title", None)
