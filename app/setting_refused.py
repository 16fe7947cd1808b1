"""What stops a start: a setting that Regu does not understand."""

from __future__ import annotations


class SettingRefused(Exception):
    """A setting has a value that Regu does not understand."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r}: {wanted}")
        self.name = name
        self.value = value
        self.wanted = wanted
