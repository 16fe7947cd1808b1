"""Raising a dispute about a share."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("dispute", __name__)


@pages.get("/hasil/<output_id>/sengketa")
def form(output_id: str) -> str:
    return output_id
