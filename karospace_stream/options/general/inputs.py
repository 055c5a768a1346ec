"""Options that decide how an input is read: which part of it, and what is done to its values."""

from __future__ import annotations

from dataclasses import dataclass

_SECTION = "How the input is read"


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How an input becomes one AnnData. The declaration of each field documents the option."""
