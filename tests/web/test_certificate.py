"""Anybody checks a certificate; who tries codes waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.throttle import ADDRESS_FAILURES_MAX
from engine.domain.certificates import (
    Certificate,
    CertificateLine,
    code_of,
    content_hash,
    ledger_hash,
    shown_code,
)


def test_an_unknown_code_says_so_to_anybody_and_trying_codes_ends(town):
    client = town.app.test_client()
    assert client.get("/sertifikat").status_code == 200
    code = shown_code(code_of("nobody"))
    page = client.get(f"/sertifikat?kode={code}", follow_redirects=True)
    assert page.status_code == 200
    assert "notice--bad" in page.text
    answer = client.get(f"/api/certificates/{code}").get_json()
    assert answer == {"status": "unknown", "certificate": None}
    for n in range(ADDRESS_FAILURES_MAX):
        client.get(f"/api/certificates/{code_of(str(n))}")
    refused = client.get(f"/sertifikat/{code}")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    # a mistyped code is no guess, but the address waits all the same
    assert client.get("/api/certificates/AAAA").status_code == 429


def issued(town):
    agency = town.ids["agency"]
    line = CertificateLine(
        transfer_id=1,
        squad="Tim Satu Data",
        host="Pusdatin",
        role="anggota",
        output="Portal",
        value_points=40,
        share_bp=1800,
        points_e4=72_000,
        kind="Analisis",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
    )
    made = Certificate(
        id=town.wired.house.ids.uuid(),
        code=code_of("sari"),
        person_id=town.ids["sari"],
        agency_id=agency,
        name="Sari",
        nip="199001012015042004",
        unit="Biro",
        agency="Badan",
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        lines=(line,),
        ledger_hash=ledger_hash([]),
        issued_at=datetime(2026, 7, 1, tzinfo=UTC),
    )
    with town.wired.house.writing() as uow:
        uow.credits.add([replace(made, content_hash=content_hash(made))])
        uow.commit()
    return made


def test_a_certificate_shows_what_it_says_and_hides_the_number(town):
    made = issued(town)
    page = town.app.test_client().get(f"/sertifikat/{made.code}")
    assert page.status_code == 200
    assert "notice--good" in page.text
    assert "Tim Satu Data" in page.text
    assert "199001012015042004" not in page.text
    answer = town.app.test_client().get(f"/api/certificates/{made.code}").get_json()
    assert answer["status"] == "valid"
    assert answer["certificate"]["nip"] == "**************2004"


def test_a_certificate_prints_with_its_code_and_its_state_today(town):
    made = issued(town)
    client = town.app.test_client()
    page = client.get(f"/sertifikat/{made.code}/dokumen")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for words in (shown_code(made.code), "<svg", made.ledger_hash, "berlaku", "Tim Satu Data"):
        assert words in page.text, words
    assert "199001012015042004" not in page.text
    answer = client.get(f"/sertifikat/{made.code}/dokumen?bentuk=pdf")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_trying_codes_of_papers_ends_too(town):
    client = town.app.test_client()
    for n in range(ADDRESS_FAILURES_MAX):
        assert client.get(f"/sertifikat/{code_of(str(n))}/dokumen").status_code == 303
    assert client.get(f"/sertifikat/{code_of('x')}/dokumen").status_code == 429


def test_one_finds_his_certificates_beside_his_ledger_and_asks_for_another(client):
    made = issued(client.town)
    client.town.deploy("certificate_request.bpmn", "certificate_request.form")
    own = client.sign_in("sari").get(f"/buku/{client.town.ids['sari']}").text
    assert f"/sertifikat/{shown_code(made.code)}/dokumen" in own
    assert "/mulai/certificate_request" in own
    hers = client.sign_in("kepala").get(f"/buku/{client.town.ids['sari']}").text
    assert shown_code(made.code) in hers
    assert "/mulai/certificate_request" not in hers
