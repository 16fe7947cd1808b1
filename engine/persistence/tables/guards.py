"""Triggers that hold the ledger's invariants and seals in the database, for migrations.

Each guard is one condition over the new (and old) row that must not hold. SQLite raises in a
SELECT; PostgreSQL in a function; the name of the guard is in the message on both.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """One refusal."""

    name: str
    table: str
    #: "INSERT", "UPDATE" or "DELETE"
    event: str
    #: SQL that is true when the row must be refused; speaks of NEW and OLD
    broken: str


_HELD = """COALESCE((SELECT SUM(CASE WHEN h.credit_account = {account} THEN h.amount_bp
        ELSE -h.amount_bp END) FROM transfer h WHERE h.output_id = NEW.output_id
        AND h.line_class = 'PRIMARY'
        AND (h.credit_account = {account} OR h.debit_account = {account})), 0)"""

GUARDS = (
    # I2: no account of an output below 0 or above 10,000
    Guard(
        "ledger_balance_low",
        "transfer",
        "INSERT",
        "NEW.line_class = 'PRIMARY' AND NEW.debit_account <> 'ISSUE' AND "
        + _HELD.format(account="NEW.debit_account")
        + " < NEW.amount_bp",
    ),
    Guard(
        "ledger_balance_high",
        "transfer",
        "INSERT",
        "NEW.line_class = 'PRIMARY' AND "
        + _HELD.format(account="NEW.credit_account")
        + " + NEW.amount_bp > 10000",
    ),
    # I4: one live PRIMARY line per person and output
    Guard(
        "ledger_one_live_line",
        "transfer",
        "INSERT",
        """NEW.line_class = 'PRIMARY' AND NEW.debit_account = 'POOL' AND NEW.code <> 'reverse'
        AND EXISTS (SELECT 1 FROM transfer l WHERE l.output_id = NEW.output_id
        AND l.line_class = 'PRIMARY' AND l.credit_account = NEW.credit_account
        AND l.credit_account <> 'COLLECTIVE' AND l.code <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.reverses_id = l.id))""",
    ),
    # I7: a reversal is the mirror of its row, which is no reversal itself
    Guard(
        "ledger_reversal_mirrors",
        "transfer",
        "INSERT",
        """NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transfer o
        WHERE o.id = NEW.reverses_id AND o.output_id = NEW.output_id
        AND o.amount_bp = NEW.amount_bp AND o.debit_account = NEW.credit_account
        AND o.credit_account = NEW.debit_account AND o.line_class = NEW.line_class
        AND o.code <> 'reverse' AND o.code <> 'open' AND o.id < NEW.id)""",
    ),
    # the chain: a row follows the newest row of its output
    Guard(
        "ledger_chained",
        "transfer",
        "INSERT",
        """NEW.prev_hash <> COALESCE((SELECT p.hash FROM transfer p
        WHERE p.output_id = NEW.output_id ORDER BY p.id DESC LIMIT 1), '')""",
    ),
    # I8: nothing is booked in a sealed period; a sealed output takes corrections only
    Guard(
        "ledger_period_open",
        "transfer",
        "INSERT",
        """EXISTS (SELECT 1 FROM period p WHERE p.id = NEW.posting_period_id
        AND p.status = 'sealed')""",
    ),
    Guard(
        "ledger_output_sealed",
        "transfer",
        "INSERT",
        """NEW.code IN ('open', 'attest', 'adjust') AND NEW.line_class = 'PRIMARY'
        AND EXISTS (SELECT 1 FROM output o WHERE o.id = NEW.output_id AND o.status = 'sealed')""",
    ),
    # I9: nobody posts a line to himself
    Guard(
        "ledger_not_own_line",
        "transfer",
        "INSERT",
        "NEW.person_id = NEW.actor_id",
    ),
    # I8: what is sealed or final stays as it is
    Guard("output_sealed", "output", "UPDATE", "OLD.status = 'sealed'"),
    Guard("period_sealed", "period", "UPDATE", "OLD.status = 'sealed'"),
    Guard("rating_final", "rating", "UPDATE", "OLD.status = 'final'"),
    Guard(
        "plan_fixed",
        "plan",
        "UPDATE",
        "OLD.status IN ('fixed', 'superseded') AND NEW.status <> 'superseded'",
    ),
    # I2: an output is sealed with an empty pool only
    Guard(
        "output_sealed_with_pool",
        "output",
        "UPDATE",
        """NEW.status = 'sealed' AND COALESCE((SELECT SUM(CASE WHEN h.credit_account = 'POOL'
        THEN h.amount_bp ELSE -h.amount_bp END) FROM transfer h WHERE h.output_id = NEW.id
        AND h.line_class = 'PRIMARY'
        AND (h.credit_account = 'POOL' OR h.debit_account = 'POOL')), 0) <> 0""",
    ),
    # nobody attests his own claim, by his own name or another's
    Guard(
        "attestation_not_own",
        "attestation",
        "INSERT",
        """EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id
        AND (c.person_id = NEW.attester_id OR c.person_id = NEW.on_behalf_of
        OR c.person_id = NEW.cosigner_id))""",
    ),
    Guard(
        "cosigner_not_own",
        "attestation",
        "UPDATE",
        """EXISTS (SELECT 1 FROM claim c WHERE c.id = NEW.claim_id
        AND c.person_id = NEW.cosigner_id)""",
    ),
)

#: guards that came with revision 0011
LATER_GUARDS = (
    # I4, I5: a row is booked under the squad of its output
    Guard(
        "ledger_squad_of_output",
        "transfer",
        "INSERT",
        "NEW.squad_id <> (SELECT o.squad_id FROM output o WHERE o.id = NEW.output_id)",
    ),
    # I11: the outputs of a squad stay inside its budget
    Guard(
        "output_inside_budget",
        "output",
        "INSERT",
        """NEW.value_points + COALESCE((SELECT SUM(o.value_points) FROM output o
        WHERE o.squad_id = NEW.squad_id), 0)
        > (SELECT s.budget_points FROM squad s WHERE s.id = NEW.squad_id)""",
    ),
    # I5, I11: whose an output is, and its value, stay once its ledger is open
    Guard(
        "output_kept_once_opened",
        "output",
        "UPDATE",
        """(NEW.squad_id <> OLD.squad_id OR NEW.value_points <> OLD.value_points)
        AND EXISTS (SELECT 1 FROM transfer t WHERE t.output_id = NEW.id)""",
    ),
)

#: of revision 0011, gone with 0023: what was delivered before its period broke it
MEMBERSHIP_IN_PERIOD = Guard(
    "ledger_membership_consented",
    "transfer",
    "INSERT",
    """NEW.line_class = 'PRIMARY' AND NEW.person_id IS NOT NULL AND NEW.code <> 'reverse'
    AND NOT EXISTS (SELECT 1 FROM membership m JOIN period w ON w.id = NEW.work_period_id
    WHERE m.squad_id = NEW.squad_id AND m.person_id = NEW.person_id
    AND m.consent = 'given' AND m.valid_from <= w.ends_on
    AND (m.valid_to IS NULL OR m.valid_to > w.starts_on))""",
)

#: guards that came with revision 0023
WORK_GUARDS = (
    # I10: a line needs a membership that its home consented to, inside the work period or, for
    # what was delivered before it, until the delivery
    Guard(
        "ledger_member_worked",
        "transfer",
        "INSERT",
        """NEW.line_class = 'PRIMARY' AND NEW.person_id IS NOT NULL AND NEW.code <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM membership m JOIN period w ON w.id = NEW.work_period_id
        JOIN output o ON o.id = NEW.output_id
        WHERE m.squad_id = NEW.squad_id AND m.person_id = NEW.person_id
        AND m.consent = 'given' AND m.valid_from <= w.ends_on
        AND (m.valid_to IS NULL OR m.valid_to > w.starts_on OR m.valid_to > o.delivered_at))""",
    ),
    # I5: a roll-up counts a row by the value of its output
    Guard(
        "ledger_value_of_output",
        "transfer",
        "INSERT",
        """NEW.value_points <> (SELECT o.value_points FROM output o WHERE o.id = NEW.output_id)""",
    ),
)


def create(guard: Guard, dialect: str) -> list[str]:
    """Statements that put a guard in place."""
    when = f"BEFORE {guard.event} ON {guard.table}"
    if dialect == "postgresql":
        refusal = f"RAISE EXCEPTION '{guard.name}' USING ERRCODE = 'restrict_violation'"
        row = "OLD" if guard.event == "DELETE" else "NEW"
        body = f"BEGIN IF {guard.broken} THEN {refusal}; END IF; RETURN {row}; END"
        # a guard looks at rows of all agencies, whoever writes (decision 0023)
        kind = "RETURNS trigger LANGUAGE plpgsql SET regu.agency = '*'"
        function = f"{guard.name}() {kind} AS $$ {body} $$"
        trigger = f"tr_{guard.name} {when} FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        return [f"CREATE FUNCTION {function}", f"CREATE TRIGGER {trigger}"]
    refusal = f"SELECT RAISE(ABORT, '{guard.name}')"
    return [f"CREATE TRIGGER tr_{guard.name} {when} WHEN {guard.broken} BEGIN {refusal}; END"]


def drop(guard: Guard, dialect: str) -> list[str]:
    """Statements that take a guard away."""
    if dialect == "postgresql":
        return [
            f"DROP TRIGGER tr_{guard.name} ON {guard.table}",
            f"DROP FUNCTION {guard.name}()",
        ]
    return [f"DROP TRIGGER tr_{guard.name}"]
