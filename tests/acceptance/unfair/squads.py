"""What happens in a squad: an output taken over, claims, signatures, what the books then say."""

from __future__ import annotations

CLAIM = {
    "mode": "own",
    "contribution_type": "analysis",
    "degree": "equal",
    "evidence_link": "https://bukti.example/klaim",
}
MET = {"commitment": "met"}


def accepted(town, output="T1/1", attainment=96):
    """An output is handed over and taken; its members may claim."""
    key = town.start("contribution", output_id=town.ids[output])
    town.do("deliver_output", note="Lengkap")
    town.do("accept_output", decision="accept", attainment=attainment)
    return key


def claim(town, who, percent=None, **values):
    share = {} if percent is None else {"claimed_percent": percent}
    town.do("claim", who, **{**CLAIM, **share, **values})


def attest(town, about, **values):
    town.do("attest", about=about, **{"decision": "attest", **MET, **values})


def adjust(percent, reason_code="effort", **values):
    """What an attester says who moves a line."""
    said = {"decision": "adjust", "share_percent": percent, "reason_code": reason_code}
    return {**said, "reason": "Sebagian dikerjakan rekan", **MET, **values}


def attested(town, *people):
    """Those members claimed what was expected and it was taken."""
    for who in people:
        claim(town, who)
        attest(town, who)


def balances(town, output="T1/1", reader="wati", unit="pusat"):
    """Basis points of every account of an output that holds some, as the host's head reads them."""
    found = {}
    for row in rows(town, output, reader, unit):
        for account, sign in ((row["debitAccount"], -1), (row["creditAccount"], 1)):
            name = account_name(town, account)
            found[name] = found.get(name, 0) + sign * row["amountBp"]
    return {name: bp for name, bp in found.items() if bp and name != "ISSUE"}


def rows(town, output="T1/1", reader="wati", unit="pusat"):
    """The ledger of an output as the host's head reads it, oldest first."""
    found = town.read(reader, f"/api/units/{town.ids[unit]}/ledger")["host"]
    mine = [row for row in found if row["outputId"] == town.ids[output]]
    return sorted((row for row in mine if row["lineClass"] == "PRIMARY"), key=lambda r: r["id"])


def account_name(town, account):
    kind, _, person_id = account.partition(":")
    return town.short(person_id) if person_id else kind


def sealed(town):
    """The window for disputes closes and the seal is set."""
    town.pass_days(16)


def index(town, who, reader=None):
    """The index of a person as he (or somebody above him) reads it."""
    return town.read(reader or who, f"/api/people/{town.ids[who]}/plan")


def line(town, who, role="T1", reader=None):
    """One role's line of the index: attainment, level, provisional."""
    wanted = town.ids[f"{role} {who}"] if role != "home" else "home"
    found = next(one for one in index(town, who, reader)["lines"] if one["role"] == wanted)
    return str(found["attainment"]), found["level"], found["provisional"]
