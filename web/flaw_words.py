"""Flaws of a workbook and ends of long work, in the words of the people who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.faults import WORDS
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from engine.usecases.imports.cells import Flaw

_FLAWS: Final = {
    "sheet_missing": _l("The sheet is missing."),
    "heading_missing": _l("Headings are missing in the first row."),
    "too_many_rows": _l("The sheet has too many rows."),
    "required": _l("The cell is empty."),
    "too_long": _l("The text is too long."),
    "unknown_word": _l("The word is none of those that may stand here."),
    "not_a_date": _l("A date is needed, not text."),
    "not_a_number": _l("A number is needed."),
    "not_whole": _l("A whole number of 1 or more is needed."),
    "not_a_percent": _l("Above 0, at most 100, with at most two decimals."),
    "nip_number": _l("The NIP was kept as a number and lost its last digits: format it as text."),
    "nip_length": _l("A NIP has 18 digits."),
    "nip_digits": _l("A NIP has digits only."),
    "nip_empty": _l("The NIP is empty."),
    "nip_birth": _l("The first eight digits of the NIP are no date of birth."),
    "nip_appointment": _l("The NIP names no month of appointment."),
    "nip_month": _l("The NIP names no month of appointment."),
    "nip_sex": _l("The 15th digit of the NIP is neither 1 nor 2."),
    "nip_age": _l("The age that the NIP tells is unusual."),
    "nip_future": _l("The NIP names a time that has not come yet."),
    "nip_serial": _l("The serial number of the NIP is unusual."),
    "nip_taken": _l("A person with this NIP is known already."),
    "duplicate": _l("This stands in the sheet twice."),
    "person_unknown": _l("This person did not come in from the sheet Pegawai."),
    "post_unknown": _l("This post did not come in from the sheet Jabatan."),
    "unit_unknown": _l("This unit did not come in from the sheet Unit."),
    "parent_unknown": _l("The unit above it is unknown, or the units stand in a circle."),
    "squad_unknown": _l("This squad did not come in from the sheet Tim."),
    "role_unknown": _l("This person has no such role."),
    "period_unknown": _l("The year has no such period."),
    "zone_unknown": _l("The time zone is unknown; Asia/Jakarta is one."),
    "post_missing": _l("The person holds no post, so no unit can lend him."),
    "ends_before": _l("It ends before it starts."),
    "outside_squad": _l("The days lie outside those of the squad."),
    "squad_long": _l("A squad lasts a year at most."),
    "two_leads": _l("A squad has one ketua."),
    "member_sponsor": _l("The sponsor is no member of his squad."),
    "weights_sum": _l("The weights of this role do not add up to 100%."),
    "shares_sum": _l("The shares do not add up to 100%."),
    "share_unreadable": _l("The shares cannot be read; write NIP=60; NIP=40."),
    "budget": _l("The outputs take more points than the squad has."),
    "objective_circle": _l("The objectives stand in a circle."),
    "parent_unit": _l("The objective above belongs to another branch of units."),
    "level_order": _l("The level does not follow the objective above."),
    "level_leaf": _l("Nothing hangs below an objective of this level."),
    "group_unknown": _l("There is no such group; it is left out."),
    "rater_empty": _l("No rater is named; the head of the unit is taken."),
    "rater_unknown": _l("This rater is not in the sheet Pegawai; the head of the unit is taken."),
    "rater_missing": _l("Nobody rates this person; his tasks go to pengelola kinerja."),
    "consent_missing": _l("The membership waits for the consent of the home unit."),
}

#: why work failed, or why nothing of a workbook can come in
_ENDS: Final = {
    "agency_missing": _l("The sheet Instansi names no agency."),
    "agency_known": _l("An agency with this code is here already."),
    "not_a_workbook": _l("The file is no XLSX workbook."),
    "too_large": _l("The file is too large."),
    "file_gone": _l("The file is not kept any more; send it again."),
    "cycle_missing": _l("There is no cycle yet."),
    "period_missing": _l("The period is not there any more."),
    "gave_up": _l("It could not be done after several tries; tell the administrator."),
}


def flaw_words(flaw: Flaw) -> str:
    """What is wrong with a cell; an unknown code as the engine tells it."""
    return str(_FLAWS.get(flaw.code, flaw.message))


def end_words(code: str) -> str:
    """Why it failed."""
    return str(_ENDS.get(code) or WORDS.get(code) or _("It could not be done."))
