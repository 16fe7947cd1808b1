"""Raising a dispute about a share."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("dispute", __name__)
