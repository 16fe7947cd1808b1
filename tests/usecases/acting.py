"""Acts of the worked example, each done by the person whose act it is."""

from __future__ import annotations

from decimal import Decimal

from engine.usecases.actor import Actor, ActorKind, system

CLAIM = {
    "contribution_type": "analysis",
    "degree": "equal",
    "evidence_link": "https://bldn.example/bukti",
}


def person(person_id, *groups, on_behalf_of=None):
    return Actor(
        kind=ActorKind.PERSON,
        name=person_id,
        person_id=person_id,
        on_behalf_of=on_behalf_of,
        groups=frozenset(groups),
        agency_id="agency",
    )


def accepted(place, output, lead, sponsor, attainment):
    """Opened, handed over, taken."""
    place.do("regu.output.open", system(), output_id=output)
    place.do("regu.output.deliver", person(lead), {"note": "done"}, output_id=output)
    form = {"decision": "accept", "attainment": Decimal(attainment)}
    return place.do("regu.output.accept", person(sponsor), form, output_id=output)


def claim(place, output, member, percent, **form):
    """A member claims."""
    return place.do(
        "regu.claim.submit",
        person(member),
        {"claimed_percent": Decimal(percent), **CLAIM, **form},
        output_id=output,
        member={"person_id": member},
    )


def attest(place, output, member, by, **form):
    """Somebody attests a member's line as claimed, unless the form says otherwise."""
    return place.do(
        "regu.claim.attest",
        by if isinstance(by, Actor) else person(by),
        {"decision": "attest", "commitment": "met", **form},
        output_id=output,
        member={"person_id": member},
    )


def signed(place, output, member, by):
    """The member answers and the second signature is given."""
    where = {"output_id": output, "member": {"person_id": member}}
    place.do("regu.claim.answer", person(member), {"answer": "agree"}, **where)
    form = {"decision": "approve", "reason": "seen"}
    return place.do("regu.claim.cosign", person(by), form, **where)


def squad_a(place, *, seal=True):
    """Attested 59, 18 and 23 per cent; T = 96."""
    accepted(place, "out_a", "budi", "h_pusdatin", 96)
    for member, percent in (("budi", 59), ("sari", 18), ("citra", 23)):
        claim(place, "out_a", member, percent)
    attest(place, "out_a", "budi", "h_pusdatin")
    # 16 to 18 stays in the band but lifts the role's word from sesuai to di atas
    assert attest(place, "out_a", "sari", "budi")["needs_cosign"]
    signed(place, "out_a", "sari", "h_pusdatin")
    attest(place, "out_a", "citra", "budi")
    assert place.do("regu.output.settle", system(), output_id="out_a")["pool_bp"] == 0
    if seal:
        place.do("regu.output.seal", system(), output_id="out_a")


def squad_b(place):
    """Everybody as expected; T = 110."""
    accepted(place, "out_b", "sari", "h_ditx", 110)
    for member, percent in (("sari", "33.33"), ("dedi", "33.34"), ("eka", "33.33")):
        claim(place, "out_b", member, percent)
    attest(place, "out_b", "sari", "h_ditx")
    attest(place, "out_b", "dedi", "sari")
    attest(place, "out_b", "eka", "sari")
    place.do("regu.output.seal", system(), output_id="out_b")


def home_results(place):
    """100, 95 and 102 per cent of three results."""
    rows = [
        {"item_id": item, "actual": Decimal(actual), "note": ""}
        for item, actual in (("r1", 100), ("r2", 95), ("r3", 102))
    ]
    place.do(
        "regu.plan.record_progress", person("sari"), {"results": rows}, plan_id="plan",
        period_id="p1", cycle_id="cycle",
    )  # fmt: skip
