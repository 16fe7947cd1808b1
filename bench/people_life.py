"""The lives of people, memberships and periods: plans, progress, moves, leaves, consents, seals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bench import case, output_life
from bench.population import FIRST, LAST, YEAR
from engine.domain.plans import PlanStatus, RoleKind
from engine.domain.squads import Consent, Membership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.population import Team, Town
    from bench.year import Life, Year

_CLOSINGS: Final = ((4, 20), (7, 20), (10, 20), (12, 18))
#: changes of roles: how many of a thousand staff, and whether the running part is frozen
_CHANGES: Final = {
    "mutasi": (50, True),
    "penugasan": (10, True),
    "berhenti": (10, True),
    "cuti": (120, False),
    "tugas_belajar": (10, True),
    "plt": (10, False),
    "keluar_tim": (30, True),
}
_REVISES: Final = frozenset({"mutasi", "penugasan"})


def begun(year: Year) -> list[tuple[date, Life]]:
    """Every life of the year with its first day."""
    found: list[tuple[date, Life]] = []
    for team in year.teams:
        found += [
            (FIRST + timedelta(days=year.random.randint(4, 12)), _consent(year, team, row))
            for row in team.members
            if row.consent is Consent.PENDING
        ]
        found.append((date(YEAR, 1, 24), _shares(year, team)))
        found += [
            (output.due_on, output_life.course(year, team.squad, output.id))
            for output in team.outputs
        ]
    for town in year.towns.values():
        found += [(date(YEAR, 1, 26), _plans(year, town, n)) for n in range(10)]
        found += [
            (date(YEAR, month, day), _closing(year, town, n))
            for n, (month, day) in enumerate(_CLOSINGS, start=1)
        ]
        found += _changes(year, town)
    return found


def _consent(year: Year, team: Team, drawn: Membership) -> Life:
    """Given, refused, silent, or answered only when the work is under way."""
    luck = year.random.randrange(100)
    if luck >= 88:
        yield year.random.randint(40, 240)
    row = year.uow.contributions.get(Membership, drawn.id)
    assert row is not None
    if row.consent is not Consent.PENDING or row.person_id in year.gone:
        return
    if luck < 70 or luck >= 92:
        case.answer_home(year, row, "given")
        return
    if luck < 80:
        case.answer_home(year, row, "refused")
    else:
        year.do("regu.membership.note_silence", year.engine(), membership_id=row.id)
        year.counts["consents left unanswered"] += 1
    yield 3
    row = year.uow.contributions.get(Membership, drawn.id)
    assert row is not None
    admin = year.officer(team.squad.host_agency_id, "manager", "perf_admin")
    if row.consent is not Consent.GIVEN:
        case.decide_above(year, row, admin)
    year.do("regu.squad.plan_shares", year.engine(), squad_id=team.squad.id)


def _shares(year: Year, team: Team) -> Life:
    """Expected shares agreed at the start."""
    told = year.do("regu.squad.plan_shares", year.engine(), squad_id=team.squad.id)
    yield 1
    parties: Any = told["parties"]
    for party in parties:
        if year.chance(20):
            who = str(party["person_id"])
            refs = {"squad_id": team.squad.id, "person_id": who}
            form = {"answer": "agree", "note": ""}
            year.do("regu.squad.answer_shares", year.person(who), form, **refs)


def _plans(year: Year, town: Town, tenth: int) -> Life:
    """A tenth of an agency plans, and documents its home results twice."""
    mine = town.people[tenth::10]
    for n, who in enumerate(mine):
        if n % 20 == 0:
            yield 1
        _plan(year, town, who, fixes=not year.chance(3))
    for number, month in ((year.random.randint(1, 2), 6), (year.random.randint(3, 4), 11)):
        yield (date(YEAR, month, 1 + tenth) - year.day).days
        for who in mine:
            if who not in year.gone and year.chance(90):
                document(year, town, who, number)


def _plan(year: Year, town: Town, who: str, *, fixes: bool = True) -> None:
    """Opened, drafted, clarified by the rater, fixed."""
    where: dict[str, Any] = {"person_id": who, "cycle_id": town.cycle_id}
    opened = year.do("regu.plan.open", year.engine(), **where)
    refs: dict[str, Any] = {**where, "plan_id": opened["plan_id"]}
    year.do("regu.plan.draft", year.person(who), {"results": _results(year)}, **refs)
    if not fixes:
        return
    rater = opened["rater_id"]
    by = year.person(str(rater)) if rater else _manager(year, town)
    form = {"decision": "accept", "expectation": "sesuai rencana"}
    told = year.do("regu.plan.clarify", by, form, **refs)
    refs["clarified_by"] = told["clarified_by"]
    year.do("regu.plan.fix", year.engine(str(told["clarified_by"])), **refs)
    year.counts["plans fixed"] += 1


def _results(year: Year) -> list[Mapping[str, Any]]:
    cut = sorted(year.random.sample(range(10, 90), 2))
    weights = (cut[0], cut[1] - cut[0], 100 - cut[1])
    return [
        {
            "title": f"Hasil {n}",
            "kind": "utama",
            "weight_percent": Decimal(weight),
            "aspect": "kuantitas",
            "indicator": "Jumlah",
            "target": Decimal(100),
            "unit": "%",
        }
        for n, weight in enumerate(weights, start=1)
    ]


def document(year: Year, town: Town, who: str, number: int) -> None:
    """What the home results came to in a period; nothing without a fixed plan."""
    store = year.uow.performance
    plan = store.plan_of(who, town.cycle_id)
    if plan is None or plan.status is not PlanStatus.FIXED:
        return
    rows = [
        {"item_id": item.id, "actual": Decimal(year.random.randint(60, 125)), "note": ""}
        for item in store.items(plan.id)
        if item.role_kind is RoleKind.HOME
    ]
    refs = {
        "plan_id": plan.id,
        "period_id": f"{town.agency_id}-q{number}",
        "cycle_id": town.cycle_id,
    }
    year.do("regu.plan.record_progress", year.person(who), {"results": rows}, **refs)
    year.counts["documentations"] += 1


def _manager(year: Year, town: Town) -> Any:
    return year.officer(town.agency_id, "manager", "perf_admin")


def _closing(year: Year, town: Town, number: int) -> Life:
    """A period is closed and sealed; what is under way is carried into the next."""
    period_id = f"{town.agency_id}-q{number}"
    by = _manager(year, town)
    refs: dict[str, Any] = {"agency_id": town.agency_id, "period_id": period_id}
    year.do("regu.period.close", by, {"period": period_id}, **refs)
    yield 2
    told = year.do("regu.period.blockers", year.engine(), **refs)
    while number == len(_CLOSINGS) and told["blockers"]:
        yield 1
        told = year.do("regu.period.blockers", year.engine(), **refs)
    carry = bool(told["blockers"])
    if carry:
        year.do("regu.period.review", by, {"decision": "carry", "note": "berjalan"}, **refs)
        year.counts["carried into the next period"] += int(str(told["blockers"]))
    year.do("regu.period.seal", by, {"minutes": "Berita acara"}, **refs, carry=carry)
    year.seal(period_id)
    year.counts["periods sealed"] += 1


def _changes(year: Year, town: Town) -> list[tuple[date, Life]]:
    """Who changes roles in this agency, each at most once."""
    leads = {team.members[0].person_id for team in year.teams}
    staff = [name for name in town.staff if name not in leads]
    year.random.shuffle(staff)
    members = {row.person_id for team in year.teams for row in team.members}
    found: list[tuple[date, Life]] = []
    for kind, (often, _) in _CHANGES.items():
        for _ in range(max(1, len(town.staff) * often // 1000)):
            # only who is in a squad leaves one
            able = [name for name in staff if name in members or kind != "keluar_tim"]
            if not able:
                continue
            who = able[-1]
            staff.remove(who)
            day = date(YEAR, 3, 1) + timedelta(days=year.random.randint(0, 250))
            found.append((day, _change(year, town, who, kind)))
    return found


def _change(year: Year, town: Town, who: str, kind: str) -> Life:
    """Recorded by HR; the elapsed part is frozen, rated, and the plan renewed where it must be."""
    form = _letter(year, town, who, kind)
    if form is None:
        return
    by = year.officer(town.agency_id, "hr", "hr")
    told = year.do("regu.role.record", by, form, agency_id=town.agency_id)
    year.counts[f"changes: {kind}"] += 1
    if kind == "berhenti":
        year.gone.add(who)
    refs: dict[str, Any] = {key: told[key] for key in ("person_id", "cycle_id", "change_id")}
    _replan(year, who)
    yield 1
    if not _CHANGES[kind][1] or not told["elapsed"]:
        return
    year.do("regu.segment.open", year.engine(), **refs)
    frozen = year.do("regu.segment.freeze", year.engine(), **refs)
    refs["snapshot_id"] = frozen["snapshot_id"]
    year.counts["segments frozen"] += 1
    if kind in _REVISES and year.do("regu.segment.renew", year.engine(), **refs)["renewed"]:
        _plan(year, town, who)
    yield 4
    rater = frozen["old_rater_id"]
    if year.chance(85):
        said = {"result_level": "sesuai", "behaviour_level": "sesuai", "note": "sampai pindah"}
        rates = year.person(str(rater)) if rater else _manager(year, town)
        year.do("regu.segment.rate", rates, said, **refs)
    else:
        year.do("regu.segment.note_silence", year.engine(), **refs)
    if kind == "berhenti":
        year.do("regu.segment.conclude", year.engine(), **refs)


def _replan(year: Year, who: str) -> None:
    """Shares of the squads whose member's days changed."""
    for row, squad in year.uow.contributions.memberships_of(who, FIRST, LAST):
        if row.valid_to is not None:
            year.do("regu.squad.plan_shares", year.engine(), squad_id=squad.id)


def _letter(year: Year, town: Town, who: str, kind: str) -> dict[str, Any] | None:
    day = year.day
    form: dict[str, Any] = {
        "kind": "cuti" if kind == "tugas_belajar" else kind,
        "nip": town.nips[who],
        "starts_on": day.isoformat(),
        "letter_no": f"SK/{who}",
    }
    if kind in _REVISES:
        there = year.random.choice(town.leaves)
        form |= {"unit_id": there, "post_title": "Analis"}
    elif kind == "cuti":
        ends = min(day + timedelta(days=year.random.choice((5, 12, 90))), LAST)
        form |= {"leave_kind": year.random.choice(("tahunan", "sakit", "melahirkan"))}
        form["ends_on"] = ends.isoformat()
    elif kind == "tugas_belajar":
        form["leave_kind"] = "tugas_belajar"
    elif kind == "plt":
        unit = year.random.choice([u for u in town.leaves if u != town.staff[who]])
        form |= {"post_id": f"post-{town.heads[unit]}", "ends_on": LAST.isoformat()}
    elif kind == "keluar_tim":
        before = day - timedelta(days=1)
        held = year.uow.contributions.memberships_of(who, before, before)
        if not held:
            return None
        form["squad_id"] = held[0][1].id
    return form
