"""What is wrong with a form's schema, said in English and Bahasa Indonesia, tied to a component."""

from __future__ import annotations

from typing import Final, Self

#: code -> (English, Indonesian); names in braces are facts
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "form-unknown-property": (
        "unknown property {name!r}",
        "properti {name!r} tidak dikenal",
    ),
    "form-without-id": ("it has no id", "belum ada id"),
    "form-type": ('type {given!r} is not "default"', 'type {given!r} bukan "default"'),
    "form-properties": ("properties is not an object", "properties bukan objek"),
    "form-bulk": (
        "the property regu:bulk is neither true nor false",
        "properti regu:bulk bukan true dan bukan false",
    ),
    "form-too-large": ("larger than {most} bytes", "lebih besar dari {most} byte"),
    "form-not-json": ("not readable as JSON ({detail})", "tidak terbaca sebagai JSON ({detail})"),
    "form-not-object": ("not a JSON object", "bukan objek JSON"),
    "too-many-components": (
        "more than {most} components",
        "lebih dari {most} isian",
    ),
    "components-not-list": ("components is not a list", "components bukan daftar"),
    "too-deep": ("nested deeper than {most}", "bersarang lebih dari {most} tingkat"),
    "component-not-object": (
        "component {number} is not an object",
        "isian ke-{number} bukan objek",
    ),
    "type-unsupported": (
        "type {given!r} is not among the supported ones",
        "jenis {given!r} tidak didukung",
    ),
    "list-holds": ("a list cannot hold a {given}", "daftar baris tidak dapat memuat {given}"),
    "rows-unknown": (
        (
            "rows with read-only fields cannot be added or removed"
            " unless a hidden field says which row is which"
        ),
        (
            "baris dengan isian hanya-baca tidak dapat ditambah atau dibuang,"
            " kecuali isian tersembunyi menandai setiap baris"
        ),
    ),
    "key-twice": ("key {key!r} is used twice", "kunci {key!r} dipakai dua kali"),
    "not-text": ("{name} is not a text", "{name} bukan teks"),
    "not-boolean": ("{name} is not true or false", "{name} bukan true atau false"),
    "not-whole": (
        "{name} is not a whole number of 0 or more",
        "{name} bukan bilangan bulat dari 0",
    ),
    "not-number": ("{name} is not a number", "{name} bukan angka"),
    "not-object": ("{name} is not an object", "{name} bukan objek"),
    "not-feel": (
        "{name} is not a FEEL expression: {detail}",
        "{name} bukan ekspresi FEEL: {detail}",
    ),
    "property-unsupported": (
        "property {name!r} of a {kind} is not supported",
        "properti {name!r} pada {kind} tidak didukung",
    ),
    "no-options": (
        "it has no values, valuesKey or valuesExpression",
        "belum ada pilihan (values, valuesKey, atau valuesExpression)",
    ),
    "not-of-rows": (
        "{name} {key!r} is not a {kind} of its rows",
        "{name} {key!r} bukan {kind} pada barisnya",
    ),
    "key-form": (
        "{name} {key!r} is not a name of letters, digits and _",
        "{name} {key!r} bukan nama dari huruf, angka, dan _",
    ),
    "key-reserved": (
        "{name} {key!r} is used by the page itself",
        "{name} {key!r} dipakai oleh halaman itu sendiri",
    ),
    "no-label": ("it has no label", "belum ada label"),
    "text-braces": (
        "text uses {{{{ }}}}: write one FEEL expression that begins with = instead",
        "teks memakai {{{{ }}}}: tulis satu ekspresi FEEL yang diawali =",
    ),
    "subtype": (
        "subtype {given!r} is not date, time or datetime",
        "subtype {given!r} bukan date, time, atau datetime",
    ),
    "shape-misfit": (
        "regu:type {given!r} does not fit a {kind}",
        "regu:type {given!r} tidak cocok untuk {kind}",
    ),
    "validate-unsupported": (
        "validate.{name} is not supported",
        "validate.{name} tidak didukung",
    ),
    "limits-not-number": ("min and max belong to a number", "min dan max hanya untuk angka"),
    "min-above-max": ("min is above max", "min di atas max"),
    "length-above": ("minLength is above maxLength", "minLength di atas maxLength"),
    "pattern": ("pattern: {detail}", "pola isian: {detail}"),
    "validation-type": (
        "validationType {given!r} is not email, phone or custom",
        "validationType {given!r} bukan email, phone, atau custom",
    ),
    "too-many-options": (
        "values is not a list of at most {most}",
        "values bukan daftar paling banyak {most}",
    ),
    "option-incomplete": (
        "option {number} lacks a text value or label",
        "pilihan ke-{number} belum punya nilai atau label berupa teks",
    ),
    "option-twice": ("two options have the same value", "dua pilihan bernilai sama"),
    "accept-form": (
        "accept {given!r} is not a file name ending such as .pdf",
        "accept {given!r} bukan akhiran nama berkas seperti .pdf",
    ),
    "default-type": ("defaultValue has the wrong type", "defaultValue salah jenisnya"),
    "default-unknown": (
        "defaultValue is not among the values",
        "defaultValue tidak ada di antara pilihan",
    ),
}


class FormFault(str):
    """A sentence that a form's author can act on, with what it says as facts."""

    __slots__ = ("code", "element_id", "facts", "place")
    code: str
    #: id of the component as written; "" for the form itself, or a component without one
    element_id: str
    facts: dict[str, object]
    #: what the author knows it by: key, path or id
    place: str

    def __new__(cls, place: str, code: str, *, element_id: str = "", **facts: object) -> Self:
        """The English sentence; `code` is one of SENTENCES."""
        made = super().__new__(cls, f"{place}: {SENTENCES[code][0].format(**facts)}")
        made.code, made.element_id, made.facts, made.place = code, element_id, facts, place
        return made

    def said(self, locale: str) -> str:
        """The sentence in that language, without its place."""
        return SENTENCES[self.code][0 if locale == "en" else 1].format(**self.facts)
