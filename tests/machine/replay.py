"""The index worked out from ledger rows alone, beside the one that people see."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from engine.domain.cycles import Cycle
from engine.usecases.decisions import Tables
from engine.usecases.index import person_index
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from tests.machine.books import CAP, WHOLE
from tests.machine.city import agency_of

YEAR = 2026


def rounded(exact, scale):
    """Half up, for what is not below 0."""
    steps = 10**scale
    return Decimal((exact * steps * 2 + 1) // 2).scaleb(-scale)


def shown(place, uow, who):
    """What the product says of a person's year."""
    means = Means(ids=place.house.ids, clock=place.clock, decide=place.house.runner.decide)
    agency, now = agency_of(who), place.clock.now()
    cycle = uow.performance.get(Cycle, f"{agency}{YEAR}")
    return person_index(Standing(uow, now), Tables(means, uow, now, agency), who, cycle)


def attainment(seen, who, squad):
    """A of a squad role: sum of V*e*min(120, T*c_eff) over sum of V*e, from rows."""
    total, weight = Fraction(0), 0
    for output in seen.outputs.values():
        line = seen.lines[output.id].get(who) if output.id in seen.lines else None
        year = int(output.cycle_id[1:])
        if line is None or output.squad_id != squad or year != YEAR or output.attainment is None:
            continue
        e, v = line.expected_bp, output.value_points
        if e:
            kept = min(Fraction(CAP), Fraction(output.attainment) * _effective(seen, output, line))
            total, weight = total + v * e * kept, weight + v * e
    return rounded(total / weight, 2) if weight else None


def _effective(seen, output, line):
    if output.status != "sealed":
        return Fraction(1)
    held = seen.held[output.id]
    got, together = held.get(f"person:{line.person_id}", 0), held["COLLECTIVE"]
    ratio = Fraction(got * WHOLE, line.expected_bp * (WHOLE - together))
    claim = seen.claim_of.get((output.id, line.person_id))
    made = [
        a
        for a in seen.attestations
        if claim is not None and a.claim_id == claim.id and a.decision != "return"
    ]
    met = bool(made) and max(made, key=lambda a: (a.at, a.id)).commitment == "met"
    return max(ratio, Fraction(1)) if met else ratio


def index_faults(place, uow, seen, who):
    """I12, I13 of one person: weights fill the whole, and the rows give the index again."""
    found = shown(place, uow, who)
    faults = []
    weights = [role.weight_bp for role in found.roles]
    if sum(weights) not in (0, WHOLE) or min(weights) < 0:
        faults.append(("I12", f"{who}: roles weigh {weights}"))
    if found.index is None:
        return faults
    lines = {line.role: line for line in found.index.lines}
    if sum(line.weight_bp for line in lines.values()) != WHOLE:
        faults.append(("I12", f"{who}: lines weigh {[x.weight_bp for x in lines.values()]}"))
    for role in found.roles:
        if role.squad_id is None or not role.weight_bp:
            continue
        mine = attainment(seen, who, role.squad_id)
        line = lines.get(role.role)
        if (line.attainment if line else None) != mine:
            faults.append(("I13", f"{who} in {role.name}: {line}, the rows give {mine}"))
    points = [rounded(Fraction(x.attainment) * x.weight_bp / WHOLE, 4) for x in lines.values()]
    ihk = rounded(Fraction(sum(points)), 2)
    if ihk != found.index.ihk:
        faults.append(("I13", f"{who}: index {found.index.ihk}, its lines sum to {ihk}"))
    return faults
