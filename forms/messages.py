"""What is wrong, said in Bahasa Indonesia and English, by code and the field's own limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forms.numbers import typed_text
from forms.values import TEXTAREA_LENGTH, TEXTFIELD_LENGTH

if TYPE_CHECKING:
    from forms.model import Field

#: code -> (Indonesian, English)
MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "required": ("{label} harus diisi.", "{label} must be filled in."),
    "not_text": ("{label} harus berupa teks.", "{label} must be a text."),
    "too_short": (
        "{label} paling sedikit {min_length} karakter.",
        "{label} must have at least {min_length} characters.",
    ),
    "too_long": (
        "{label} paling banyak {max_length} karakter.",
        "{label} must have at most {max_length} characters.",
    ),
    "pattern": (
        "Bentuk isian {label} tidak sesuai.",
        "{label} does not have the expected form.",
    ),
    "email": ("{label} bukan alamat surel yang sah.", "{label} is not a valid e-mail address."),
    "phone": ("{label} bukan nomor telepon yang sah.", "{label} is not a valid telephone number."),
    "control_characters": (
        "{label} memuat karakter yang tidak diperbolehkan.",
        "{label} contains characters that are not allowed.",
    ),
    "not_a_number": ("{label} harus berupa angka.", "{label} must be a number."),
    "ambiguous_number": (
        "{label} dapat dibaca dua cara: tulis ribuan tanpa titik, atau pecahan dengan koma.",
        "{label} can be read in two ways: write thousands without a mark.",
    ),
    "not_whole": ("{label} harus bilangan bulat.", "{label} must be a whole number."),
    "too_many_decimals": (
        "{label} paling banyak {decimals} angka di belakang koma.",
        "{label} must have at most {decimals} decimals.",
    ),
    "too_small": ("{label} paling kecil {least}.", "{label} must be at least {least}."),
    "too_large": ("{label} paling besar {most}.", "{label} must be at most {most}."),
    "not_boolean": ("{label} harus ya atau tidak.", "{label} must be yes or no."),
    "must_be_checked": ("{label} harus dicentang.", "{label} must be ticked."),
    "not_a_choice": (
        "Pilih {label} dari daftar yang tersedia.",
        "Choose {label} from the list.",
    ),
    "bad_date": (
        "{label} bukan tanggal yang sah.",
        "{label} is not a valid date.",
    ),
    "bad_time": ("{label} bukan jam yang sah.", "{label} is not a valid time."),
    "bad_datetime": (
        "{label} bukan tanggal dan jam yang sah.",
        "{label} is not a valid date and time.",
    ),
    "nip": (
        "{label} bukan NIP: 18 angka, diawali tanggal lahir.",
        "{label} is not a NIP: 18 digits beginning with the birth date.",
    ),
    "person": ("Pilih pegawai untuk {label}.", "Choose a person for {label}."),
    "not_files": ("{label} tidak berisi berkas yang sah.", "{label} holds no valid file."),
    "too_many_files": ("Terlalu banyak berkas pada {label}.", "Too many files in {label}."),
    "file_type": (
        "Jenis berkas {label} tidak diterima; yang diterima: {accept}.",
        "This kind of file is not accepted for {label}; accepted: {accept}.",
    ),
    "not_rows": ("{label} harus berupa daftar.", "{label} must be a list."),
    "too_many_rows": ("Terlalu banyak baris pada {label}.", "Too many rows in {label}."),
    "row_count": (
        "Jumlah baris {label} tidak sama dengan yang diminta; muat ulang halaman ini.",
        "The number of rows in {label} differs from what was asked; reload this page.",
    ),
    "read_only": ("{label} tidak dapat diubah.", "{label} cannot be changed."),
    "unknown_field": ("Isian ini tidak dikenal.", "This field is unknown."),
    "not_an_object": ("Isian tidak terbaca.", "The input is not readable."),
}


def message(code: str, locale: str, field: Field | None) -> str | None:
    """The sentence for a code in that language; None for a code that is not the forms' own."""
    texts = MESSAGES.get(code)
    if texts is None:
        return None
    return texts[1 if locale == "en" else 0].format_map(_facts(locale, field))


def _facts(locale: str, field: Field | None) -> dict[str, str]:
    if field is None:
        names = ("label", "min_length", "max_length", "decimals", "least", "most", "accept")
        return dict.fromkeys(names, "?")
    limits = field.limits
    cap = TEXTAREA_LENGTH if field.kind == "textarea" else TEXTFIELD_LENGTH
    return {
        "label": field.label.text(locale) or field.key,
        "min_length": str(limits.min_length),
        "max_length": str(min(limits.max_length or cap, cap)),
        "decimals": str(limits.decimals),
        "least": "?" if limits.least is None else typed_text(limits.least, locale),
        "most": "?" if limits.most is None else typed_text(limits.most, locale),
        "accept": ", ".join(field.accept),
    }
