"""The pages: one file per screen, each a Blueprint called `pages`."""
