"""Reasons why an option has no effect beside others, for ``moot`` of `Option`; empty if it has one."""

from __future__ import annotations

from typing import Any


def without_genes(options: Any) -> str:
    """Why an option about values has no effect."""
    return "--genes none exports no values" if options.genes == "none" else ""


def without_gzip(options: Any) -> str:
    """Why a level of compression has no effect."""
    return "" if options.gzip else "--no-gzip compresses nothing"


def without_scratch(options: Any) -> str:
    """Why a location for scratch has no effect."""
    if options.strategy in ("pass", "memory") and options.graph == "none":
        return f"--strategy {options.strategy} with --graph none needs no scratch"
    return ""


def by_points(options: Any) -> str:
    """Why coordinates have no effect."""
    points = getattr(options.own.get("cellucid"), "points", None)
    if points and options.formats == ("cellucid",):
        return "--points names all points of a Cellucid export"
    return ""
