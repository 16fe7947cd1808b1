"""Guards of crediting that came with revision 0015; see guards.py for what a guard is."""

from __future__ import annotations

from engine.persistence.tables.guards import Guard

#: tables of 0015 that only grow
APPEND_ONLY = ("silence", "period_seal", "correction_hearing", "certificate", "certificate_row")

_TYPE_UNKNOWN = """NOT EXISTS (SELECT 1 FROM contribution_type k
        WHERE k.code = NEW.contribution_type AND (k.agency_id IS NULL OR k.agency_id =
        (SELECT s.host_agency_id FROM output o JOIN squad s ON s.id = o.squad_id
        WHERE o.id = NEW.output_id)))"""

_PERIOD_FULL = """EXISTS (SELECT 1 FROM point_budget b WHERE b.squad_id = NEW.squad_id)
        AND NEW.value_points + COALESCE((SELECT SUM(o.value_points) FROM output o
        WHERE o.squad_id = NEW.squad_id AND o.period_id = NEW.period_id AND o.id <> NEW.id), 0)
        > COALESCE((SELECT b.points FROM point_budget b
        WHERE b.squad_id = NEW.squad_id AND b.period_id = NEW.period_id), 0)"""

_BUDGET_WRONG = """NEW.points + COALESCE((SELECT SUM(b.points) FROM point_budget b
        WHERE b.squad_id = NEW.squad_id AND b.id <> NEW.id), 0)
        > (SELECT s.budget_points FROM squad s WHERE s.id = NEW.squad_id)
        OR NEW.points < COALESCE((SELECT SUM(o.value_points) FROM output o
        WHERE o.squad_id = NEW.squad_id AND o.period_id = NEW.period_id), 0)"""

CREDIT_GUARDS = (
    # a claim names a kind that ships or that the host agency keeps
    Guard("claim_type_known", "claim", "INSERT", _TYPE_UNKNOWN),
    Guard(
        "claim_type_known_still",
        "claim",
        "UPDATE",
        "NEW.contribution_type <> OLD.contribution_type AND " + _TYPE_UNKNOWN,
    ),
    # a claim is the member's, or his lead's for him; once attested its share stays
    Guard(
        "claim_kept_once_attested",
        "claim",
        "UPDATE",
        """OLD.state IN ('attested', 'adjusted', 'disputed', 'resolved', 'sealed')
        AND (NEW.claimed_bp <> OLD.claimed_bp OR NEW.person_id <> OLD.person_id
        OR NEW.output_id <> OLD.output_id)""",
    ),
    # 0.3: a commitment that was not kept says where that can be seen
    Guard(
        "attestation_commitment_shown",
        "attestation",
        "INSERT",
        """NEW.commitment IN ('partly', 'not_met')
        AND length(trim(NEW.commitment_evidence)) = 0""",
    ),
    # 0.1, 0.10: beyond the band nothing is posted on one signature
    Guard(
        "ledger_cosigned",
        "transfer",
        "INSERT",
        """NEW.code IN ('attest', 'adjust') AND NEW.line_class = 'PRIMARY'
        AND EXISTS (SELECT 1 FROM attestation a JOIN claim c ON c.id = a.claim_id
        WHERE c.output_id = NEW.output_id AND c.person_id = NEW.person_id
        AND a.decision <> 'return' AND a.needs_cosign AND a.cosigner_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM attestation l WHERE l.claim_id = a.claim_id
        AND l.decision <> 'return' AND l.id > a.id))""",
    ),
    # I3: an overlay is posted when the person took it
    Guard(
        "ledger_overlay_accepted",
        "transfer",
        "INSERT",
        """NEW.line_class = 'OVERLAY' AND NEW.code <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM overlay_credit v WHERE v.output_id = NEW.output_id
        AND v.person_id = NEW.person_id AND v.role = NEW.role AND v.state = 'accepted')""",
    ),
    # I8: after its seal an output changes by a decided correction only
    Guard(
        "ledger_sealed_by_correction",
        "transfer",
        "INSERT",
        """NEW.line_class = 'PRIMARY'
        AND EXISTS (SELECT 1 FROM output o WHERE o.id = NEW.output_id AND o.status = 'sealed')
        AND NOT EXISTS (SELECT 1 FROM credit_correction k
        WHERE k.output_id = NEW.output_id AND k.state = 'posted')""",
    ),
    Guard(
        "correction_of_live_line",
        "credit_correction",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = NEW.transfer_id
        AND t.output_id = NEW.output_id AND t.person_id = NEW.person_id
        AND t.amount_bp = NEW.old_bp AND t.line_class = 'PRIMARY' AND t.code <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.reverses_id = t.id))
        OR NOT EXISTS (SELECT 1 FROM output o WHERE o.id = NEW.output_id
        AND o.status = 'sealed')""",
    ),
    Guard(
        "correction_kept",
        "credit_correction",
        "UPDATE",
        """OLD.state IN ('refused', 'done') OR NEW.new_bp <> OLD.new_bp
        OR NEW.transfer_id <> OLD.transfer_id OR NEW.asked_by <> OLD.asked_by
        OR (OLD.decided_by IS NOT NULL AND NEW.decided_by <> OLD.decided_by)""",
    ),
    # nobody decides about a correction of what he attested, co-signed or settled in a dispute
    Guard(
        "correction_decider_impartial",
        "credit_correction",
        "UPDATE",
        """OLD.decided_by IS NULL AND NEW.decided_by IS NOT NULL AND (
        EXISTS (SELECT 1 FROM attestation a JOIN claim c ON c.id = a.claim_id
        WHERE c.output_id = NEW.output_id AND c.person_id = NEW.person_id
        AND a.decision <> 'return' AND (a.attester_id = NEW.decided_by
        OR a.on_behalf_of = NEW.decided_by OR a.cosigner_id = NEW.decided_by))
        OR EXISTS (SELECT 1 FROM dispute d WHERE d.output_id = NEW.output_id
        AND d.decided_by = NEW.decided_by))""",
    ),
    # I11: by period, and when an output or a budget changes
    Guard("output_inside_period_budget", "output", "INSERT", _PERIOD_FULL),
    Guard(
        "output_inside_period_budget_still",
        "output",
        "UPDATE",
        """(NEW.value_points <> OLD.value_points OR NEW.period_id <> OLD.period_id
        OR NEW.squad_id <> OLD.squad_id) AND """
        + _PERIOD_FULL,
    ),
    Guard(
        "output_inside_budget_still",
        "output",
        "UPDATE",
        """(NEW.value_points <> OLD.value_points OR NEW.squad_id <> OLD.squad_id)
        AND NEW.value_points + COALESCE((SELECT SUM(o.value_points) FROM output o
        WHERE o.squad_id = NEW.squad_id AND o.id <> NEW.id), 0)
        > (SELECT s.budget_points FROM squad s WHERE s.id = NEW.squad_id)""",
    ),
    Guard("budget_inside_squad", "point_budget", "INSERT", _BUDGET_WRONG),
    Guard("budget_inside_squad_still", "point_budget", "UPDATE", _BUDGET_WRONG),
    Guard(
        "squad_budget_covers",
        "squad",
        "UPDATE",
        """NEW.budget_points < COALESCE((SELECT SUM(o.value_points) FROM output o
        WHERE o.squad_id = NEW.id), 0) OR NEW.budget_points < COALESCE((SELECT SUM(b.points)
        FROM point_budget b WHERE b.squad_id = NEW.id), 0)""",
    ),
    # I8: a period is sealed by a recorded decision, after the ones before it
    Guard(
        "period_sealed_by_decision",
        "period",
        "UPDATE",
        """NEW.status = 'sealed' AND OLD.status <> 'sealed' AND (
        NOT EXISTS (SELECT 1 FROM period_seal s WHERE s.period_id = NEW.id)
        OR EXISTS (SELECT 1 FROM period p WHERE p.cycle_id = NEW.cycle_id
        AND p.number < NEW.number AND p.status <> 'sealed'))""",
    ),
    # a certificate cites rows of its own person
    Guard(
        "certificate_own_rows",
        "certificate_row",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM certificate c JOIN transfer t ON t.id = NEW.transfer_id
        WHERE c.id = NEW.certificate_id AND t.person_id = c.person_id AND t.code <> 'reverse')""",
    ),
)
