"""A drawing as a list of steps: read in order, and changed without a canvas.

Texts in, texts out: nothing here knows drafts, people or pages. What an edit does not touch stays
as it was written, unknown elements, comments and the layout included.
"""

from __future__ import annotations
