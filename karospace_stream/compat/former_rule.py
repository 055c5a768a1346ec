"""How the earlier exporter chose genes."""

from __future__ import annotations

from karospace_stream.options.general.choice import HvgFlavor


def former_rule(genes: str) -> HvgFlavor:
    """The flavor of ``hvgs:N``: where var names no variable genes, those of the highest means are taken."""
    return "none" if genes.startswith("hvgs:") else "auto"
