"""Texts about a data set: their greatest lengths, and valid addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from karospace_stream.errors import BadOptionError

if TYPE_CHECKING:
    from karospace_stream.options.export_options import ExportOptions

#: By option; a longer text belongs into a file of its own.
MOST_CHARACTERS = {
    "title": 500,
    "description": 20_000,
    "license": 1_000,
    "source_name": 500,
    "source_url": 2_000,
    "source_citation": 5_000,
}
_URL = re.compile(r"https?://[^/?#\s]+\S*", re.IGNORECASE)


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page, and nothing else."""
    return _URL.fullmatch(text) is not None


def check_encodable(flag: str, text: str) -> None:
    """Refuse a text with bytes that the terminal could not decode: nothing of it can be written as UTF-8.

    Raises
    ------
    BadOptionError
        Shows the text with its bytes escaped.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadOptionError(f"{flag} must be UTF-8 text, got {text[:60]!r}") from None


def check_texts(options: ExportOptions) -> None:
    """Check the texts that people read.

    Raises
    ------
    BadOptionError
        If one is no text or too long, or ``--source-url`` no address.
    """
    for name, most in MOST_CHARACTERS.items():
        text, flag = getattr(options, name), f"--{name.replace('_', '-')}"
        if text is None:
            continue
        if not isinstance(text, str):
            raise BadOptionError(f"{flag} must be a text, got {text!r:.60}")
        if len(text) > most:
            raise BadOptionError(f"{flag} must have at most {most:,} characters, got {len(text):,}")
    if options.source_url and not is_web_address(options.source_url):
        raise BadOptionError(
            f"--source-url must be an address such as https://example.org, got {options.source_url[:60]!r}"
        )
