"""Whose rows a transaction of PostgreSQL may touch: the policies, and what has none and why.

The backstop behind our own access checks (decision 0023). A transaction says for which agencies it
works (`engine.usecases.reach`); a row is seen and written when it is of one of them, or of a squad
that one of them hosts or sends members to. Whoever said nothing sees nothing.
"""

from __future__ import annotations

from typing import Final

#: rows of every agency: a worker, the command line
_ALL = "(SELECT regu_everywhere())"
_REACH = "(SELECT regu_reach())::text[]"
_DECLARED = "(SELECT regu_reach() IS NOT NULL)"
#: agencies that share a squad with one of ours; asked once a statement, when a row needs it
_PARTNERS = "(SELECT regu_partners(regu_reach()))::text[]"

FUNCTIONS: Final = (
    # the reach itself
    """CREATE FUNCTION regu_everywhere() RETURNS boolean STABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT COALESCE(current_setting('regu.agency', true), '') = '*' $$""",
    """CREATE FUNCTION regu_reach() RETURNS text[] STABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT string_to_array(NULLIF(current_setting('regu.agency', true), ''), ',') $$""",
    # what follows looks at rows of all agencies, to say whether one row is shared: so the reach
    # comes as an argument, and the setting is the system's inside
    """CREATE FUNCTION regu_partners(ours text[]) RETURNS text[] STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN ARRAY(
        SELECT s.host_agency_id FROM membership m JOIN squad s ON s.id = m.squad_id
            WHERE m.home_agency_id = ANY(ours) AND s.host_agency_id <> ALL(ours)
        UNION SELECT m.home_agency_id FROM squad s JOIN membership m ON m.squad_id = s.id
            WHERE s.host_agency_id = ANY(ours) AND m.home_agency_id <> ALL(ours)
        UNION SELECT p.agency_id FROM formation f JOIN candidate c ON c.formation_id = f.id
            JOIN person p ON p.id = c.person_id
            WHERE f.agency_id = ANY(ours) AND p.agency_id <> ALL(ours)
        UNION SELECT o.home_agency_id FROM membership m
            JOIN membership o ON o.squad_id = m.squad_id
            WHERE m.home_agency_id = ANY(ours) AND o.home_agency_id <> ALL(ours)); END $$""",
    """CREATE FUNCTION regu_agency_of_nip(wanted text) RETURNS text STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        (SELECT agency_id FROM person WHERE nip = wanted); END $$""",
    """CREATE FUNCTION regu_shares_squad(squad text, ours text[]) RETURNS boolean STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        EXISTS (SELECT 1 FROM squad s WHERE s.id = squad AND s.host_agency_id = ANY(ours))
        OR EXISTS (SELECT 1 FROM membership m WHERE m.squad_id = squad
            AND m.home_agency_id = ANY(ours)); END $$""",
    """CREATE FUNCTION regu_shares_person(person text, ours text[]) RETURNS boolean STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        EXISTS (SELECT 1 FROM membership m JOIN squad s ON s.id = m.squad_id
            WHERE m.person_id = person AND (s.host_agency_id = ANY(ours)
            OR EXISTS (SELECT 1 FROM membership o WHERE o.squad_id = s.id
                AND o.home_agency_id = ANY(ours)))); END $$""",
    """CREATE FUNCTION regu_ours(one text, ours text[]) RETURNS boolean STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        EXISTS (SELECT 1 FROM person p WHERE p.id = one AND p.agency_id = ANY(ours)); END $$""",
    """CREATE FUNCTION regu_concerns(task bigint, ours text[]) RETURNS boolean STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        EXISTS (SELECT 1 FROM user_task t JOIN person p
            ON p.id IN (t.assignee, t.owner, t.about_id, t.completed_by)
            WHERE t.key = task AND p.agency_id = ANY(ours))
        OR EXISTS (SELECT 1 FROM user_task_candidate c JOIN person p ON p.id = c.name
            WHERE c.task_key = task AND c.kind = 'user' AND p.agency_id = ANY(ours))
        OR EXISTS (SELECT 1 FROM user_task t JOIN membership m ON m.squad_id = t.squad_id
            WHERE t.key = task AND m.home_agency_id = ANY(ours)); END $$""",
    """CREATE FUNCTION regu_concerns_tree(root bigint, ours text[]) RETURNS boolean STABLE
    PARALLEL SAFE LANGUAGE plpgsql SET regu.agency = '*' AS $$ BEGIN RETURN
        EXISTS (SELECT 1 FROM user_task t WHERE t.root_key = root
            AND regu_concerns(t.key, ours)); END $$""",
)
_NAMES = (
    "regu_concerns_tree(bigint, text[])",
    "regu_concerns(bigint, text[])",
    "regu_ours(text, text[])",
    "regu_shares_person(text, text[])",
    "regu_shares_squad(text, text[])",
    "regu_agency_of_nip(text)",
    "regu_partners(text[])",
    "regu_reach()",
    "regu_everywhere()",
)


def _own(column: str = "agency_id") -> str:
    return f"{_ALL} OR {column} = ANY({_REACH})"


def _own_or_nobodys(column: str = "agency_id") -> str:
    return f"{_own(column)} OR ({column} IS NULL AND {_DECLARED})"


def _of_person(table: str, *columns: str) -> str:
    """The home of a person of a row; two look-ups by key, or one hash for a long list."""
    homes = (
        "EXISTS (SELECT 1 FROM person p "  # noqa: S608 - names of our tables
        f"WHERE p.id = {table}.{column} AND p.agency_id = ANY({_REACH}))"
        for column in columns or ("person_id",)
    )
    return f"{_ALL} OR {' OR '.join(homes)}"


def _of(parent: str, column: str) -> str:
    """Where the row above may be seen, by its own policy."""
    return f"{_ALL} OR EXISTS (SELECT 1 FROM {parent} a WHERE a.id = {column})"  # noqa: S608


#: the condition of a row, by table: what is read must meet it, and what is written (revision 0050)
POLICIES: Final = {
    # the directory: partners in a squad name each other
    "person": f"{_own()} OR agency_id = ANY({_PARTNERS})",
    "unit": f"{_own()} OR agency_id = ANY({_PARTNERS})",
    # processes: a task that concerns one of our people, and the instance that it stands in
    "process_instance": f"{_own_or_nobodys()} OR regu_concerns_tree(root_key, {_REACH})",
    "user_task": f"{_own_or_nobodys()} OR regu_concerns(key, {_REACH})",
    "user_task_candidate": f"{_own()} OR (agency_id = '' AND {_DECLARED})",
    # squads: of the host, and of the homes of the members
    "squad": f"{_own('host_agency_id')} OR regu_shares_squad(id, {_REACH})",
    "membership": f"{_own('home_agency_id')} OR regu_shares_squad(squad_id, {_REACH})",
    "output": _of("squad", "output.squad_id"),
    "claim": _of("output", "claim.output_id"),
    "transfer": f"{_own('home_agency_id')} OR host_agency_id = ANY({_REACH}) "
    f"OR regu_shares_squad(squad_id, {_REACH})",
    "lesson": f"{_own()} OR regu_shares_squad(squad_id, {_REACH})",
    # the year of a person: plans are read by a squad he works in, judgements by his home alone
    "plan": f"{_of_person('plan')} OR regu_shares_person(person_id, {_REACH})",
    "rating": _of_person("rating"),
    "period_rating": _of_person("period_rating"),
    "behaviour_incident": _of_person("behaviour_incident"),
    "coaching": _of_person("coaching"),
    "self_evaluation": _of_person("self_evaluation"),
    "certificate": f"{_own()} OR regu_ours(person_id, {_REACH})",
    "credit_paper": f"{_own()} OR regu_ours(person_id, {_REACH})",
    # what one agency keeps for itself
    "audit_sample": _own(),
    "batch_operation": _own_or_nobodys(),
    "complaint": _own(),
    "early_warning": _own(),
    "exchange": _own(),
    "formation": _own(),
    "referral": _own(),
    "rule_confirmation": _own(),
    "saved_filter": _own_or_nobodys(),
    "siasn_person": _own(),
    "survey": _own(),
    "undertaking": _own_or_nobodys(),
}

#: the same for words about people, and what leads to them (revision 0055)
WORDS: Final = {
    # said between two: of the homes of both
    "private_note": _of_person("private_note", "author_id"),
    "feedback_note": _of_person("feedback_note", "person_id", "giver_id"),
    "feedback_reply": _of("feedback_note", "feedback_reply.feedback_id"),
    "check_in": _of_person("check_in", "person_id", "leader_id"),
    "agenda_item": _of("check_in", "agenda_item.check_in_id"),
    "commitment": _of_person("commitment", "owner_id", "counterpart_id"),
    # of the home of the person alone
    "coaching_session": _of("coaching", "coaching_session.coaching_id"),
    "competency_score": _of("coaching_session", "competency_score.session_id"),
    "session_answer": _of("coaching_session", "session_answer.session_id"),
    "objection": _of("rating", "objection.rating_id"),
    "voice_words": f"{_ALL} OR EXISTS (SELECT 1 FROM voice_round r JOIN person p "  # noqa: S608 - names of our tables
    f"ON p.id = r.person_id WHERE r.id = voice_words.round_id AND p.agency_id = ANY({_REACH}))",
    # of the squad that the work was done in
    "attestation": _of("claim", "attestation.claim_id"),
    "dispute": _of("output", "dispute.output_id"),
    "hearing": _of("dispute", "hearing.dispute_id"),
    "evidence": f"{_of_person('evidence', 'uploaded_by')} "
    f"OR regu_shares_person(uploaded_by, {_REACH})",
}

#: the same for notes of a day: a squad that he works in reads what served it (revision 0064)
NOTES: Final = {
    "daily_note": f"{_of_person('daily_note')} OR regu_shares_person(person_id, {_REACH})",
}

_CALENDAR = "rules and days of work, no personal data; guests count by the calendar of their host"
_PLATFORM = "belongs to the house, not to an agency; read by key from rows that have a policy"
_DOOR = "read before anybody knows whose agency it is"

#: tables that name an agency and have no policy, with the reason
LEFT_OUT: Final = {
    "account": _DOOR,
    "calendar_change": _CALENDAR,
    "contribution_type": _CALENDAR,
    "cycle": _CALENDAR,
    "holiday": _CALENDAR,
    "decision_definition": _PLATFORM,
    "release": _PLATFORM,
    "message": "what a drawing sends reaches instances of other agencies; sieved by `reaches`",
}


def create(table: str) -> list[str]:
    """Statements that put a table under its policy, its owner too."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_of_agency ON {table} USING ({(POLICIES | WORDS | NOTES)[table]})",
    ]


def drop(table: str) -> list[str]:
    """Statements that take the policy away."""
    return [
        f"DROP POLICY {table}_of_agency ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]


def drop_functions() -> list[str]:
    """Statements that take the functions away, when no policy uses them."""
    return [f"DROP FUNCTION {name}" for name in _NAMES]
