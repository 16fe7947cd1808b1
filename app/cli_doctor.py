"""`regu doctor`: what is wrong here, and what to do about it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict


def run(*, as_json: bool) -> int:
    """Print findings with what to do, then notes; exit code 1 with findings."""
    from app.doctor import examine  # noqa: PLC0415 - brings the database

    found = list(examine(os.environ))
    wrong = [one for one in found if one.to_mend]
    if as_json:
        print(json.dumps({"good": not wrong, "remarks": [asdict(one) for one in found]}, indent=1))
        return 1 if wrong else 0
    for one in wrong:
        print(f"! {one.words}\n  -> {one.remedy}  [{one.code}]")
    for one in found:
        if not one.to_mend:
            print(f"  {one.words}")
    print(f"{len(wrong)} findings" if wrong else "nothing to mend")
    return 1 if wrong else 0
