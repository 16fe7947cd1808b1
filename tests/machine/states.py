"""What there is to act on in a random year, in the order in which it came."""

from __future__ import annotations

DECIDED = ("attested", "adjusted", "resolved")


class States:
    """Questions to the newest snapshot of the stored rows."""

    seen = None

    def outputs(self, *states):
        return [row.id for row in self.seen.outputs.values() if row.status in states]

    def claims(self, *states):
        return [row for row in self.seen.claims.values() if row.state in states]

    def waiting(self):
        return [row for row in self.seen.members.values() if row.consent != "given"]

    def unclaimed(self):
        found = []
        for output in self.outputs("planned", "delivered", "accepted"):
            for who in self.seen.lines.get(output, ()):
                claim = self.seen.claim_of.get((output, who))
                if claim is None or claim.state in ("draft", "returned"):
                    found.append((output, who))
        return found

    def attestable(self):
        return [
            claim
            for claim in self.claims("claimed")
            if self.seen.outputs[claim.output_id].status == "accepted"
            and self.seen.pending(claim) is None
        ]

    def unsigned(self):
        return [claim for claim in self.claims("claimed") if self.seen.pending(claim)]

    def settled(self):
        """Accepted outputs whose every line is decided and of which none is disputed."""
        open_ = {d.output_id for d in self.seen.disputes if d.state != "resolved"}
        return [
            output
            for output in self.outputs("accepted")
            if output not in open_
            and all(
                (output, who) in self.seen.claim_of
                and self.seen.claim_of[output, who].state in (*DECIDED, "withdrawn", "lapsed")
                for who in self.seen.lines[output]
            )
        ]

    def disputed(self):
        return [d for d in self.seen.disputes if d.state != "resolved"]

    def corrected(self, *states):
        return [row for row in self.seen.corrections if row.state in states]
