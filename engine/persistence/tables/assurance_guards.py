"""Guards of verification and peer review: nobody looks after his own."""

from __future__ import annotations

from typing import Final

from engine.persistence.tables.guards import Guard

#: guards that came with revision 0017
ASSURANCE_GUARDS: Final = (
    # what was shown as evidence stays what it was: a replacement is another row
    Guard(
        "evidence_content_kept",
        "evidence",
        "UPDATE",
        """NEW.sha256 <> OLD.sha256 OR NEW.uploaded_by <> OLD.uploaded_by
        OR COALESCE(NEW.link, '') <> COALESCE(OLD.link, '')""",
    ),
    # four eyes: who brought it does not verify it, in whatever name
    Guard(
        "evidence_check_not_uploader",
        "evidence_check",
        "INSERT",
        """EXISTS (SELECT 1 FROM evidence e WHERE e.id = NEW.evidence_id
        AND (e.uploaded_by = NEW.verifier_id OR e.uploaded_by = NEW.on_behalf_of))""",
    ),
    Guard(
        "evidence_replaces_rejected",
        "evidence_replacement",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM evidence e WHERE e.id = NEW.old_id
        AND e.status = 'rejected')""",
    ),
    # a reviewer stands outside the squad and is not who asks
    Guard(
        "peer_seat_outside",
        "peer_seat",
        "INSERT",
        """EXISTS (SELECT 1 FROM membership m JOIN output o ON o.squad_id = m.squad_id
        WHERE o.id = NEW.output_id AND m.person_id = NEW.reviewer_id)
        OR EXISTS (SELECT 1 FROM peer_review r WHERE r.id = NEW.review_id
        AND r.asked_by = NEW.reviewer_id)""",
    ),
    Guard(
        "peer_seat_most",
        "peer_seat",
        "INSERT",
        "(SELECT COUNT(*) FROM peer_seat s WHERE s.review_id = NEW.review_id) >= 3",
    ),
)
