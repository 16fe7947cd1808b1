"""What each role may get of each route, worked out from the tables, never from the behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.route_access import Rule
from engine.domain.access import Act, Relation, Resource, allowed
from engine.usecases.rights import may

OK, NO, GONE = "ok", "no", "gone"
BLDN, SEB = "BLDN", "SEB"
R = Relation


@dataclass(frozen=True)
class Role:
    """Somebody at the door, with what the workbook says about him."""

    who: str
    groups: frozenset = frozenset()
    agency: str = BLDN
    person: bool = True
    #: short name of a person -> relations to him
    near: dict = field(default_factory=dict)

    def held(self, target, agency):
        """Relations to a person of an agency."""
        if target == self.who:
            return {R.SELF}
        found = set(self.near.get(target, ()))
        if agency == self.agency:
            found |= {R.HR} if self.groups & {"hr", "perf_admin"} else set()
            found |= {R.AUDITOR} if "auditor" in self.groups else set()
        other = R.OTHER_UNIT if agency == self.agency else R.OTHER_AGENCY
        return found or {other}


def role(who, *groups, agency=BLDN, person=True, **near):
    return Role(who, frozenset(groups), agency, person, near)


#: the cast: Sari (Biro Perencanaan) works in TIM-01 and leads TIM-02
ROLES = {
    "employee": role("sari", citra=[R.PEER], budi=[R.PEER], gita=[R.LEAD, R.PEER]),
    "peer": role("citra", sari=[R.PEER], budi=[R.PEER]),
    # Budi holds the task that attests Sari's claim
    "lead": role("budi", sari=[R.LEAD, R.PEER, R.DECIDER], citra=[R.LEAD, R.PEER]),
    "sponsor": role("rahmat", sari=[R.SPONSOR], citra=[R.SPONSOR], budi=[R.SPONSOR, R.RATER]),
    "rater": role("tri", sari=[R.RATER]),
    "next_superior": role("hendra", sari=[R.NEXT_SUPERIOR], citra=[R.NEXT_SUPERIOR]),
    "former_rater": role("dian", sari=[R.FORMER_RATER]),
    "other_unit_head": role("johannes", hasan=[R.RATER]),
    "colleague": role("rizky"),
    "hr": role("andi", "hr"),
    "perf_admin": role("nurul", "perf_admin"),
    "process_owner": role("lestari", "process_owner"),
    "auditor": role("taufik", "auditor"),
    "admin": role("admin", "admin", "process_owner", "perf_admin", person=False),
    "other_agency": role("xenia", "perf_admin", "process_owner", "hr", "auditor", agency=SEB),
}

#: a subordinate of the other unit's head, and an employee of the other agency
PERSONS = {"sari": BLDN, "hasan": BLDN, "vina": SEB}
#: unit -> agency, head and everybody above him
UNITS = {
    "BIRO-REN": (BLDN, {"tri", "hendra", "retno"}),
    "DIT-INF": (BLDN, {"johannes", "agus", "retno"}),
    "SEB": (SEB, {"umar"}),
}
#: squad -> agency, members
SQUADS = {
    "TIM-01": (BLDN, ("budi", "sari", "citra")),
    "SEB-T1": (SEB, ("vina",)),
}
#: squad -> lead and sponsor
STEERING = {"TIM-01": {"budi", "rahmat"}, "SEB-T1": {"vina", "umar"}}
#: output -> raters of its members
RATERS = {"TIM-01": {"tri", "rahmat", "bambang"}, "SEB-T1": {"umar"}}
#: membership -> agency, member, superiors
MEMBERSHIPS = {
    "TIM-01 sari": (BLDN, "sari", {"tri", "hendra", "retno"}),
    "TIM-02 gita": (BLDN, "gita", {"ni", "maria", "retno"}),
    "SEB-T1 vina": (SEB, "vina", {"umar"}),
}
#: an instance or task -> agency, who started it, who holds the task
WORK = {
    "attest": (BLDN, "nurul", "budi"),
    "draft": (BLDN, "nurul", "sari"),
    "abroad": (SEB, "xenia", "vina"),
}
#: who has or had a task in it beside the holder: who claimed, who accepted
TOOK_PART = {"attest": {"sari", "citra", "rahmat"}}
#: and of these, who did so in the very instance of the task, and in the whole process itself
JOINED = {("task", "attest"): {"sari"}, ("process", "attest"): {"rahmat"}}
#: of the cast, who heads a unit
HEADS = {"rahmat", "tri", "hendra", "johannes"}
_UNIT_READERS = {"hr", "perf_admin", "auditor"}


def expected(right, one, thing):
    """The mark of a role for a route and what its path names (None: nothing)."""
    return _BY_RULE[right.rule](right, one, thing)


def _group(right, one, _thing):
    return OK if may(one, right.act) else NO


def _group_sees(right, one, _thing):
    return OK if may(one, right.act) else GONE


def _group_here(right, one, agency):
    if not may(one, right.act):
        return NO
    return OK if agency == one.agency else GONE


def _group_changes(right, one, _thing):
    if may(one, right.act):
        return OK
    return NO if may(one, right.sight) else GONE


def _group_sees_here(right, one, agency):
    return OK if may(one, right.act) and agency == one.agency else GONE


def _group_changes_here(right, one, agency):
    found = _group_changes(right, one, agency)
    return GONE if found == OK and agency != one.agency else found


def _reads(one, person, agency, resource):
    return allowed(one.held(person, agency), resource, Act.READ)


def _read(right, one, person):
    agency = PERSONS.get(person, one.agency)
    return OK if _reads(one, person, agency, right.resource) else GONE


def _unit(_right, one, unit):
    agency, above = UNITS[unit]
    reads = agency == one.agency and one.groups & _UNIT_READERS
    return OK if reads or one.who in above else GONE


def _heads(right, one, _thing):
    return OK if may(one, right.act) or one.who in HEADS else NO


def _sees_squad(one, squad):
    agency, members = SQUADS[squad]
    return any(_reads(one, who, agency, Resource.LEDGER_LINE) for who in members)


def _squad(_right, one, squad):
    return OK if _sees_squad(one, squad) else GONE


def _steers(_right, one, squad):
    if one.who in STEERING[squad]:
        return OK
    return NO if _sees_squad(one, squad) else GONE


def _dispute(_right, one, squad):
    if not one.person:
        return NO
    if one.who in {*SQUADS[squad][1], *RATERS[squad]}:
        return OK
    return NO if _sees_squad(one, squad) else GONE


def _one_member(one, membership, allowed_people):
    agency, member, _ = MEMBERSHIPS[membership]
    if one.who in allowed_people:
        return OK
    return NO if _reads(one, member, agency, Resource.LEDGER_LINE) else GONE


def _consent(_right, one, membership):
    return _one_member(one, membership, MEMBERSHIPS[membership][2])


def _member(_right, one, membership):
    return _one_member(one, membership, {MEMBERSHIPS[membership][1]})


def _sees(one, work):
    agency, starter, _ = WORK[work]
    return one.who == starter or (may(one, "instance:read") and agency == one.agency)


def _instance(_right, one, work):
    return OK if _sees(one, work) else GONE


def _course(right, one, work):
    part = one.who == WORK[work][2] or one.who in TOOK_PART.get(work, ())
    return OK if part else _instance(right, one, work)


def _steer(_right, one, work):
    if not _sees(one, work):
        return GONE
    return OK if may(one, "instance:steer") else NO


def _task_read(_right, one, work):
    agency, _, holder = WORK[work]
    reads = may(one, "task:read") and agency == one.agency
    return OK if reads or one.who == holder else GONE


def _group_own(right, one, _thing):
    return GONE if may(one, right.act) else NO


def _beside(right, one, work):
    part = one.who == WORK[work][2] or one.who in JOINED.get((right.act, work), ())
    return OK if part else _instance(right, one, work)


def _say(right, one, work):
    mark = _beside(right, one, work)
    return NO if mark == OK and not one.person else mark


def _follow(right, one, work):
    return _beside(right, one, work) if one.person else GONE


def _task_take(_right, one, work):
    if one.who == WORK[work][2]:
        return OK
    return NO if _sees(one, work) else GONE


def _task_draft(_right, one, work):
    return OK if one.who == WORK[work][2] else GONE


def _task_assign(_right, one, work):
    agency, _, holder = WORK[work]
    assigns = may(one, "task:assign") and agency == one.agency
    return OK if assigns or one.who == holder else GONE


_BY_RULE = {
    Rule.PUBLIC: lambda *_: OK,
    Rule.FIGURES: lambda *_: GONE,
    Rule.SIGNED_IN: lambda *_: OK,
    Rule.PERSON: lambda _right, one, _thing: OK if one.person else GONE,
    Rule.UPLOADER: lambda _right, one, _thing: OK if one.person else NO,
    Rule.GROUP: _group,
    Rule.WORK: _group,
    Rule.GROUP_SEES: _group_sees,
    Rule.GROUP_CHANGES: _group_changes,
    Rule.GROUP_SEES_HERE: _group_sees_here,
    Rule.GROUP_CHANGES_HERE: _group_changes_here,
    Rule.GROUP_HERE: _group_here,
    Rule.AGENCY: lambda _right, one, agency: OK if agency == one.agency else GONE,
    # the errand of the tests may be started by every person
    Rule.START: lambda _right, one, _thing: OK if one.person else GONE,
    Rule.INSTANCE: _instance,
    Rule.COURSE: _course,
    Rule.STEER: _steer,
    Rule.TASK_READ: _task_read,
    Rule.TASK_TAKE: _task_take,
    Rule.TASK_LEND: _task_take,
    Rule.TASK_RETURN: _task_take,
    Rule.GROUP_OWN: _group_own,
    Rule.BESIDE: _beside,
    Rule.SAY: _say,
    Rule.FOLLOW: _follow,
    Rule.TASK_DRAFT: _task_draft,
    Rule.TASK_ASSIGN: _task_assign,
    Rule.TASK_GIVE_BACK: _task_assign,
    Rule.TASK_PLAN: _task_assign,
    Rule.READ: _read,
    Rule.UNIT: _unit,
    # nobody takes part in a calibration in these tests
    Rule.BOARD: _unit,
    Rule.HEADS: _heads,
    Rule.SQUAD: _squad,
    Rule.STEERS: _steers,
    Rule.TAKES_OVER: _steers,
    Rule.DISPUTE: _dispute,
    Rule.CONSENT: _consent,
    Rule.MEMBER: _member,
}
