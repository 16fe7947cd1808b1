"""The invariants that one SQL statement asks of the stored rows, the same on both databases."""

from __future__ import annotations

_MOVES = """WITH moves AS (
  SELECT id, output_id, credit_account AS account, amount_bp AS bp FROM transfer
  WHERE line_class = 'PRIMARY' UNION ALL
  SELECT id, output_id, debit_account, -amount_bp FROM transfer WHERE line_class = 'PRIMARY')"""
_LIVE = """t.line_class = 'PRIMARY' AND t.code NOT IN ('reverse', 'open')
  AND NOT EXISTS (SELECT 1 FROM transfer r WHERE r.reverses_id = t.id)"""

#: code -> statements; every row that a statement finds is a fault
STATEMENTS = {
    "I1": [
        """@moves SELECT output_id FROM moves GROUP BY output_id
        HAVING SUM(CASE WHEN account = 'ISSUE' THEN 0 ELSE bp END) <> 10000
        OR SUM(CASE WHEN account = 'ISSUE' THEN bp ELSE 0 END) <> -10000""",
        """SELECT o.id FROM output o WHERE (o.status IN ('accepted', 'sealed')) <>
        EXISTS (SELECT 1 FROM transfer t WHERE t.output_id = o.id AND t.code = 'open')""",
    ],
    "I2": [
        """@moves SELECT id, account, held FROM (SELECT id, account, SUM(bp) OVER
        (PARTITION BY output_id, account ORDER BY id) AS held FROM moves
        WHERE account <> 'ISSUE') running WHERE held < 0 OR held > 10000""",
        """@moves SELECT o.id FROM output o WHERE o.status = 'sealed' AND (SELECT SUM(m.bp)
        FROM moves m WHERE m.output_id = o.id AND m.account = 'POOL') <> 0
        AND NOT EXISTS (SELECT 1 FROM credit_correction x WHERE x.output_id = o.id
        AND x.state = 'posted')""",
    ],
    "I3": [
        """SELECT t.id FROM transfer t WHERE t.line_class = 'OVERLAY' AND (t.debit_account <>
        'ISSUE' OR NOT EXISTS (SELECT 1 FROM overlay_credit v WHERE v.transfer_id = t.id
        AND v.state = 'accepted' AND v.person_id = t.person_id AND v.role = t.role
        AND v.output_id = t.output_id))""",
    ],
    "I4": [
        """SELECT t.output_id, t.person_id FROM transfer t WHERE @live
        AND t.person_id IS NOT NULL GROUP BY t.output_id, t.person_id HAVING COUNT(*) > 1""",
        """SELECT t.id FROM transfer t JOIN output o ON o.id = t.output_id
        WHERE t.squad_id <> o.squad_id""",
    ],
    "I5": [
        """SELECT t.id FROM transfer t JOIN output o ON o.id = t.output_id
        WHERE t.value_points <> o.value_points""",
    ],
    "I6": [
        """SELECT t.id FROM transfer t JOIN squad s ON s.id = t.squad_id
        WHERE t.host_unit_id <> s.host_unit_id OR t.host_agency_id <> s.host_agency_id""",
    ],
    "I7": [
        """SELECT r.id FROM transfer r LEFT JOIN transfer t ON t.id = r.reverses_id
        WHERE r.code = 'reverse' AND (t.id IS NULL OR t.id > r.id OR t.code = 'reverse'
        OR t.amount_bp <> r.amount_bp OR t.debit_account <> r.credit_account
        OR t.credit_account <> r.debit_account OR t.output_id <> r.output_id
        OR t.home_unit_id <> r.home_unit_id OR t.work_period_id <> r.work_period_id)""",
        """SELECT reverses_id FROM transfer WHERE reverses_id IS NOT NULL
        GROUP BY reverses_id HAVING COUNT(*) > 1""",
    ],
    "I8": [
        """SELECT t.id FROM transfer t JOIN output o ON o.id = t.output_id
        WHERE o.status = 'sealed' AND t.line_class = 'PRIMARY' AND t.at > o.sealed_at
        AND (t.code NOT IN ('reverse', 'resolve', 'release', 'collective') OR NOT EXISTS
        (SELECT 1 FROM credit_correction x WHERE x.output_id = o.id
        AND x.state IN ('posted', 'done')))""",
    ],
    "I9": [
        "SELECT id FROM transfer WHERE actor_id = person_id",
        """SELECT a.id FROM attestation a JOIN claim c ON c.id = a.claim_id
        WHERE c.person_id IN (a.attester_id, COALESCE(a.on_behalf_of, ''),
        COALESCE(a.cosigner_id, '')) OR a.cosigner_id IN (a.attester_id,
        COALESCE(a.on_behalf_of, ''))""",
        """SELECT o.id FROM output o WHERE o.accepted_by = o.delivered_by""",
        """SELECT d.id FROM dispute d WHERE d.decided_by IS NOT NULL AND (
        d.decided_by = d.raised_by
        OR EXISTS (SELECT 1 FROM share_line l JOIN share_plan p ON p.id = l.share_plan_id
        WHERE p.output_id = d.output_id AND l.person_id = d.decided_by)
        OR EXISTS (SELECT 1 FROM attestation a JOIN claim c ON c.id = a.claim_id
        WHERE c.output_id = d.output_id
        AND ((a.at < d.decided_at AND d.decided_by IN (a.attester_id, COALESCE(a.on_behalf_of, '')))
        OR (a.cosigned_at < d.decided_at AND d.decided_by = a.cosigner_id)))
        OR EXISTS (SELECT 1 FROM transfer t WHERE t.output_id = d.output_id
        AND t.code IN ('collective', 'release') AND t.actor_id = d.decided_by
        AND t.at < d.raised_at))""",
        """SELECT x.id FROM credit_correction x WHERE x.decided_by IS NOT NULL AND (
        x.decided_by IN (x.asked_by, x.person_id)
        OR EXISTS (SELECT 1 FROM share_line l JOIN share_plan p ON p.id = l.share_plan_id
        WHERE p.output_id = x.output_id AND l.person_id = x.decided_by)
        OR EXISTS (SELECT 1 FROM transfer t WHERE t.output_id = x.output_id
        AND t.person_id = x.person_id AND t.actor_id = x.decided_by AND t.at < x.asked_at)
        OR EXISTS (SELECT 1 FROM dispute d WHERE d.output_id = x.output_id
        AND d.decided_by = x.decided_by)
        OR EXISTS (SELECT 1 FROM attestation a JOIN claim c ON c.id = a.claim_id
        WHERE c.output_id = x.output_id AND c.person_id = x.person_id
        AND x.decided_by IN (a.attester_id, COALESCE(a.on_behalf_of, ''),
        COALESCE(a.cosigner_id, ''))))""",
        """SELECT d.id FROM consent_decision d JOIN membership m ON m.id = d.membership_id
        JOIN squad s ON s.id = m.squad_id WHERE d.decided_by = m.person_id
        OR (d.stage = 'home' AND d.decided_by = s.sponsor_id)""",
    ],
    "I10": [
        """SELECT t.id FROM transfer t JOIN period w ON w.id = t.work_period_id
        WHERE t.line_class = 'PRIMARY' AND t.person_id IS NOT NULL AND t.code <> 'reverse'
        AND NOT EXISTS (SELECT 1 FROM share_line l JOIN share_plan p ON p.id = l.share_plan_id
        JOIN output o ON o.id = p.output_id
        JOIN membership m ON m.squad_id = t.squad_id AND m.person_id = l.person_id
        WHERE p.output_id = t.output_id AND l.person_id = t.person_id
        AND m.consent = 'given' AND m.valid_from <= w.ends_on AND (m.valid_to IS NULL
        OR m.valid_to > w.starts_on OR m.valid_to > o.delivered_at))""",
    ],
    "I11": [
        """SELECT s.id FROM squad s WHERE s.budget_points < (SELECT SUM(o.value_points)
        FROM output o WHERE o.squad_id = s.id)""",
        """SELECT b.squad_id, b.period_id FROM point_budget b WHERE b.points < (SELECT
        SUM(o.value_points) FROM output o WHERE o.squad_id = b.squad_id
        AND o.period_id = b.period_id)""",
        """SELECT s.id FROM squad s WHERE s.budget_points < (SELECT SUM(b.points)
        FROM point_budget b WHERE b.squad_id = s.id)""",
    ],
    "A4": [
        """@moves SELECT output_id FROM moves WHERE account = 'COLLECTIVE'
        GROUP BY output_id HAVING SUM(bp) > 1000""",
        "SELECT id FROM transfer WHERE code = 'collective' AND length(trim(reason)) = 0",
    ],
    "A7": [
        """SELECT t.id FROM transfer t JOIN output o ON o.id = t.output_id
        JOIN period w ON w.id = t.work_period_id JOIN period b ON b.id = t.posting_period_id
        WHERE t.work_period_id <> o.period_id OR b.starts_on < w.starts_on""",
    ],
}


def whole(text):
    """The statement with the parts that several share."""
    return text.replace("@moves", _MOVES).replace("@live", _LIVE)
