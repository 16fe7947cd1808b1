"""In which voice somebody speaks about another: rater, superior, lead, peer, subordinate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.feedback import Voice, voice_of
from engine.domain.squads import SquadRole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from engine.domain.organisation import Official
    from engine.domain.squads import Squad
    from engine.usecases.organisation import Standing


def voice(standing: Standing, giver_id: str, person_id: str) -> Voice | None:
    """The relation in which somebody may speak about a person; None for strangers and oneself.

    Near are the rating line in both directions, squads of today, and colleagues of the unit.
    """
    if giver_id == person_id or standing.person(giver_id) is None:
        return None
    line = standing.superiors(person_id)
    raters, above = _names(line[:1]), _names(line[1:])
    squads = _squads(standing, person_id)
    leads = {name for squad in squads for name in _leading(standing, squad)}
    theirs = {name for squad in _squads(standing, giver_id) for name in _leading(standing, squad)}
    stands_in = {standing.substitute(name) for name in raters}
    is_below = person_id in _names(standing.superiors(giver_id)) | theirs
    is_rater, is_lead = giver_id in raters | stands_in, giver_id in leads
    near = is_below or is_rater or is_lead or giver_id in above
    if not near and giver_id not in _colleagues(standing, person_id, squads):
        return None
    return voice_of(
        is_below=is_below, is_rater=is_rater, is_lead=is_lead, is_above=giver_id in above
    )


def stands_for(standing: Standing, giver_id: str, person_id: str) -> str | None:
    """Whom the giver stands in for when he speaks as the person's rater; None for himself."""
    rater = next(iter(standing.superiors(person_id)), None)
    if rater is None:
        return None
    if giver_id == rater.person_id:
        return rater.on_behalf_of
    return rater.person_id if standing.substitute(rater.person_id) == giver_id else None


def speaks_for_role(standing: Standing, giver_id: str, squad_id: str, person_id: str) -> bool:
    """Whether somebody leads or sponsors a squad in which the person is or was, and is not he.

    A squad that has ended is still spoken about: the last period is documented after it.
    """
    squad = standing.squad(squad_id)
    members = {row.person_id for row in standing.uow.contributions.members(squad_id)}
    return giver_id != person_id and person_id in members and giver_id in _leading(standing, squad)


def people_around(standing: Standing, person_id: str) -> list[str]:
    """Everybody about whom, or to whom, a person may speak, in id order, himself left out."""
    squads = _squads(standing, person_id)
    found = _names(standing.superiors(person_id)) | _colleagues(standing, person_id, squads)
    found |= {name for squad in squads for name in _leading(standing, squad)}
    today = _today(standing, person_id)
    reports = standing.uow.dialogues.reports_of([person_id], today)
    below = standing.uow.dialogues.reports_of(reports, today) if reports else ()
    return sorted((found | {*reports, *below}) - {person_id})


def partners(standing: Standing, person_id: str) -> list[str]:
    """Whom a person meets in a check-in: his rater, and those whose rater he is."""
    rater = standing.rater(person_id)
    reports = standing.uow.dialogues.reports_of([person_id], _today(standing, person_id))
    mine = [one for one in reports if leads_talk(standing, person_id, one)]
    return [*({rater.person_id} if rater else set()), *mine]


def leads_talk(standing: Standing, leader_id: str, person_id: str) -> bool:
    """Whether the leader is the person's rater today, himself or as the substitute."""
    rater = standing.rater(person_id)
    return rater is not None and leader_id == rater.person_id


def _today(standing: Standing, person_id: str) -> date:
    known = standing.person(person_id)
    return standing.today(known.agency_id if known else None)


def _squads(standing: Standing, person_id: str) -> list[Squad]:
    today = _today(standing, person_id)
    return [s for _, s in standing.uow.contributions.memberships_of(person_id, today, today)]


def _leading(standing: Standing, squad: Squad) -> set[str]:
    """Ketua and sponsor."""
    leads = {m.person_id for m in standing.members(squad) if m.role is SquadRole.KETUA}
    return leads | {squad.sponsor_id}


def _colleagues(standing: Standing, person_id: str, squads: Iterable[Squad]) -> set[str]:
    found = {m.person_id for squad in squads for m in standing.members(squad)}
    home = standing.home_unit(person_id)
    if home is not None:
        found.update(standing.uow.agency.residents(home, _today(standing, person_id)))
    return found


def _names(officials: Iterable[Official]) -> set[str]:
    return {n for one in officials for n in (one.person_id, one.on_behalf_of) if n is not None}
