"""Leave out the columns and colours that prove damaged while an export is planned."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from karospace_stream.errors import BadInputError, BadOptionError, DamagedError
from karospace_stream.model.source import Source

Planned = TypeVar("Planned")

# The path of the file, which everything that is printed about it names once.
_READ = re.compile(r"^.* cannot be read(, the store is damaged)?: ")
_MOST = 100  # planning starts again for each


def leaving_out_damaged(source: Source, plan: Callable[[Source], Planned]) -> Planned:
    """Plan, and plan again without each part whose values proved damaged.

    Such a part becomes one that cannot be read, as if opening the input had shown it.

    Raises
    ------
    DamagedError
        If the user asks for the part by its name, or if too many are damaged.
    """
    found: list[DamagedError] = []
    while True:
        try:
            return plan(source)
        except DamagedError as error:
            if not error.key or len(found) == _MOST or any(error.key == each.key for each in found):
                raise
            found.append(error)
            source = source.passing_over(error.key, _READ.sub("", error.why))
        except (BadInputError, BadOptionError) as error:
            for damaged in found:  # this very part is needed
                if repr(damaged.key.rpartition("/")[2]) in str(error):
                    raise damaged from error
            raise
