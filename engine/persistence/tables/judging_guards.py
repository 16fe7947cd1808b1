"""Triggers that hold the rules of ratings, calibration and 360 in the database."""

from __future__ import annotations

from engine.persistence.tables.guards import Guard

#: what every reading of the table of nine cells has in common (domain.md 3.2)
_LEVELS = """NEW.predikat IS NOT NULL AND (
    NEW.result_level IS NULL OR NEW.behaviour_level IS NULL
    OR (NEW.predikat IN ('baik', 'sangat_baik')
        AND (NEW.result_level = 'di_bawah' OR NEW.behaviour_level = 'di_bawah'))
    OR (NEW.predikat = 'sangat_baik'
        AND (NEW.result_level <> 'di_atas' OR NEW.behaviour_level <> 'di_atas')))"""

_ROUND_CLOSED = """EXISTS (SELECT 1 FROM voice_round r WHERE r.id = NEW.round_id
    AND r.state = 'closed')"""

#: guards that came with revision 0018
JUDGING_GUARDS = (
    Guard("rating_levels_agree", "rating", "INSERT", _LEVELS),
    Guard("rating_levels_still_agree", "rating", "UPDATE", _LEVELS),
    Guard("period_levels_agree", "period_rating", "INSERT", _LEVELS),
    # the one round of answers closes once; afterwards nothing comes in
    Guard("voice_round_closed", "voice_round", "UPDATE", "OLD.state = 'closed'"),
    Guard("voice_tally_closed", "voice_tally", "INSERT", _ROUND_CLOSED),
    Guard("voice_tally_still_closed", "voice_tally", "UPDATE", _ROUND_CLOSED),
    Guard("voice_words_closed", "voice_words", "INSERT", _ROUND_CLOSED),
    # a counter grows by one answer at a time and never shrinks
    Guard(
        "voice_tally_grows",
        "voice_tally",
        "UPDATE",
        "NEW.people <> OLD.people + 1 OR NEW.total NOT BETWEEN OLD.total + 1 AND OLD.total + 3",
    ),
    Guard(
        "voice_not_about_oneself",
        "voice_invitation",
        "INSERT",
        """EXISTS (SELECT 1 FROM voice_round r WHERE r.id = NEW.round_id
        AND r.person_id = NEW.giver_id)""",
    ),
    Guard("voice_answered_once", "voice_invitation", "UPDATE", "OLD.answered"),
    # a session that is closed stays; its moves are made by who takes part, and while it is open
    Guard("calibration_closed", "calibration", "UPDATE", "OLD.state = 'closed'"),
    Guard(
        "calibration_move_in_session",
        "calibration_move",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM calibration s
        JOIN calibration_participant p ON p.calibration_id = s.id
        WHERE s.id = NEW.calibration_id AND s.state = 'open'
        AND p.person_id = COALESCE(NEW.on_behalf_of, NEW.moved_by))""",
    ),
    # a move makes the next version of the same person's rating
    Guard(
        "calibration_move_makes_a_version",
        "calibration_move",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM rating a JOIN rating b
        ON b.person_id = a.person_id AND b.cycle_id = a.cycle_id AND b.version = a.version + 1
        WHERE a.id = NEW.rating_from AND b.id = NEW.rating_to AND a.person_id = NEW.person_id)""",
    ),
    # the employee signs his receipt only; nobody signs his own rating as who rated it
    Guard(
        "signature_four_eyes",
        "signature",
        "INSERT",
        """(NEW.part = 'receipt') <> EXISTS (SELECT 1 FROM rating r WHERE r.id = NEW.rating_id
        AND (r.person_id = NEW.signer_id OR r.person_id = NEW.on_behalf_of))""",
    ),
    # whoever gives the second signature did not give the first
    Guard(
        "signature_second_is_another",
        "signature",
        "INSERT",
        """NEW.part = 'second' AND EXISTS (SELECT 1 FROM rating r WHERE r.id = NEW.rating_id
        AND (NEW.signer_id IN (r.rater_id, r.on_behalf_of)
        OR NEW.on_behalf_of IN (r.rater_id, r.on_behalf_of)))""",
    ),
    # of a rating somebody signed, nothing but its state changes
    Guard(
        "rating_signed_stays",
        "rating",
        "UPDATE",
        """EXISTS (SELECT 1 FROM signature s WHERE s.rating_id = NEW.id AND s.part = 'rater')
        AND (NEW.result_level <> OLD.result_level OR NEW.behaviour_level <> OLD.behaviour_level
        OR NEW.predikat <> OLD.predikat OR NEW.version <> OLD.version
        OR COALESCE(NEW.rater_id, '') <> COALESCE(OLD.rater_id, ''))""",
    ),
)

#: tables that are only added to
APPEND_ONLY = (
    "recommendation",
    "role_judgement",
    "behaviour_mark",
    "deviation",
    "period_rating",
    "calibration_move",
    "signature",
)
