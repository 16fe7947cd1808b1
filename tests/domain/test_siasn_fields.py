"""SIASN's record beside ours: every field that it shows, under either of its names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.exchange import (
    ANNUAL_FIELDS,
    PERIODIC_FIELDS,
    ExchangeKind,
    RatedFacts,
    annual_payload,
    periodic_payload,
)
from engine.domain.ratings import Level, Predikat
from engine.domain.siasn_fields import (
    NEVER_SHOWN,
    PERHAPS_SHOWN,
    SHOWN_AS,
    Match,
    Unlike,
    compare,
    copies,
    unlike,
)

FACTS = RatedFacts(
    person_id="p",
    nip="198001012005011001",
    name="Sari",
    rating_id="r",
    result=Level.SESUAI,
    behaviour=Level.DI_ATAS,
    predikat=Predikat.BAIK,
    year=2026,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 3, 31),
    rater_nip="197803222003121003",
    rater_name="Budi",
    rater_post="Kepala Bidang",
    rater_rank="Pembina (IV/a)",
    rater_unit="Bidang Data",
)
ANNUAL, PERIODIC = ExchangeKind.ANNUAL, ExchangeKind.PERIODIC
PAYLOADS = {
    ANNUAL: annual_payload(FACTS),
    PERIODIC: periodic_payload(
        replace(FACTS, period_id="q"), coefficient_id="K-1", period_ref="P-1"
    ),
}
WHICH = {"tahunMulaiPenilaian", "bulanMulaiPenilaian", "tahunSelesaiPenilaian"}
WHICH |= {"bulanSelesaiPenilaian", "tahun"}
ROUND = [
    (kind, name)
    for kind, names in ((ANNUAL, ANNUAL_FIELDS), (PERIODIC, PERIODIC_FIELDS))
    for name in names
    if name not in NEVER_SHOWN and name not in WHICH
]


def as_clients_read_it(**changes):
    """A yearly record in the words that public clients of `rw-skp22` read."""
    return {
        "id": "RW-9",
        "tahun": "2026",
        "hasilKinerjaNilai": "2",
        "PerilakuKerjaNilai": "1",
        "KuadranKinerjaNilai": "2",
        "nipNrpPenilai": "197803222003121003",
        "namaPenilai": "BUDI ",
        "penilaiJabatanNm": "KEPALA BIDANG",
        "penilaiGolonganId": "41",
        "penilaiUnorNm": "Bidang Data",
        "statusPenilai": "ASN",
        **changes,
    }


@pytest.mark.parametrize(("kind", "name"), ROUND)
def test_one_changed_field_is_another_evaluation_and_named(kind, name):
    payload = PAYLOADS[kind]
    there = {**payload, name: "99"}
    assert compare(kind, payload, [dict(payload)]) == (Match.SAME, payload)
    assert compare(kind, payload, [there]) == (Match.OTHER, there)
    assert unlike(kind, payload, there) == (Unlike(name, str(payload[name]), "99"),)


@pytest.mark.parametrize(("kind", "name"), ROUND)
def test_a_field_that_is_always_shown_may_not_be_missing(kind, name):
    there = {key: value for key, value in PAYLOADS[kind].items() if key != name}
    missing = name not in PERHAPS_SHOWN[kind]
    assert (compare(kind, PAYLOADS[kind], [there])[0] is Match.OTHER) == missing


def test_siasn_s_own_names_are_understood_and_case_and_spaces_do_not_matter():
    assert compare(ANNUAL, PAYLOADS[ANNUAL], [as_clients_read_it()])[0] is Match.SAME


@pytest.mark.parametrize(
    ("name", "value"),
    [(SHOWN_AS[name], "3") for name in ANNUAL_FIELDS if name in SHOWN_AS],
)
def test_a_change_under_siasn_s_own_name_is_seen(name, value):
    there = as_clients_read_it(**{name: value})
    assert compare(ANNUAL, PAYLOADS[ANNUAL], [there])[0] is Match.OTHER


def test_a_rank_that_has_no_known_number_is_not_compared_with_one():
    contract = annual_payload(replace(FACTS, rater_rank="IX"))
    assert compare(ANNUAL, contract, [as_clients_read_it()])[0] is Match.SAME
    other = annual_payload(replace(FACTS, rater_rank="Penata (III/c)"))
    assert unlike(ANNUAL, other, as_clients_read_it()) == (
        Unlike("penilaiGolongan", "Penata (III/c)", "41"),
    )


def test_another_time_is_not_this_evaluation_and_two_of_one_time_are_counted():
    payload = PAYLOADS[PERIODIC]
    later = {**payload, "bulanMulaiPenilaian": 4, "bulanSelesaiPenilaian": 6}
    assert compare(PERIODIC, payload, [later]) == (Match.NONE, None)
    assert copies(PERIODIC, payload, [later, dict(payload), dict(payload)]) == 2
    changed = {**payload, "penilaiNama": "Ratna"}
    assert compare(PERIODIC, payload, [dict(payload), changed]) == (Match.OTHER, changed)
