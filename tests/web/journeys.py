"""Counts what a journey asks of a person: screens, fields typed, clicks; printed at the end."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Journey:
    """Drives a page and counts as a person would."""

    page: object
    name: str
    screens: int = 0
    typed: int = 0
    clicks: int = 0
    #: what was typed into, for the printout
    fields: list = field(default_factory=list)

    def goto(self, path):
        """A screen that the person opens by a link he keeps or follows from a letter."""
        self.screens += 1
        self.page.goto(path)

    def fill(self, selector, text):
        """Type into a field."""
        self.typed += 1
        self.fields.append(selector)
        self.page.fill(selector, str(text))

    def choose(self, selector, value):
        """Take one of a list: a click, nothing typed."""
        self.clicks += 1
        self.page.select_option(selector, value)

    def tick(self, selector):
        """Tick a box or choose an option."""
        self.clicks += 1
        self.page.check(selector)

    def click(self, selector, *, leads_on=False):
        """Press something; `leads_on` when another screen comes."""
        self.clicks += 1
        if leads_on:
            with self.page.expect_navigation():
                self.page.click(selector)
            self.screens += 1
        else:
            self.page.click(selector)

    def record(self, request):
        """Hand the figures to the end of the run."""
        told = f"{self.screens} screens, {self.typed} fields typed, {self.clicks} clicks"
        request.node.user_properties.append(("journey", f"{self.name}: {told}"))


def summary(reporter):
    """Print every recorded journey."""
    found = [
        value
        for reports in reporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "journey" and report.when == "call"
    ]
    if found:
        reporter.section("journeys")
        for line in sorted(found):
            reporter.line(line)
