"""Pages for people: Jinja and htmx, Bahasa Indonesia first; and the studio."""
