"""`karospace_stream.check_host`: joins what the formats know and what the doctor knows."""

from __future__ import annotations

from collections.abc import Callable

from karospace_stream.doctor import Diagnosis, examine
from karospace_stream.doctor.address import read_address, read_origin
from karospace_stream.doctor.ask import Asker
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.cellucid.layout.names import DATASETS
from karospace_stream.formats.registry import all_formats, heads

_SLOWEST = 600


def check_host(
    url: str,
    *,
    origin: str | None = None,
    timeout: float = 10,
    tell: Callable[[str], None] = lambda check: None,
) -> Diagnosis:
    """Look whether a host serves an export rightly, and say what to change where it does not.

    About 20 requests are sent, to that host only and without credentials: what a browser could
    not fetch is not there.

    Parameters
    ----------
    url
        Address of the folder of an export of any format, of a file in it, or of a page with
        ``?data=``.
    origin
        Address of the page that shall read the export, where that is not the page in it, such as
        ``https://viewer.example.org``.
    timeout
        Seconds that the host may be silent.
    tell
        Called with the name of each check before it runs.

    Returns
    -------
    Diagnosis
        Findings, and for each what is to be set at the host.

    Raises
    ------
    BadInputError
        If the host cannot be reached.
    BadOptionError
        If a browser could not fetch from that address.

    Examples
    --------
    >>> diagnosis = check_host("https://data.example.org/sample/")  # doctest: +SKIP
    >>> diagnosis.n_faults, diagnosis.hosts  # doctest: +SKIP
    (0, ('s3',))
    """
    if not 0 < timeout <= _SLOWEST:
        raise BadOptionError(f"the time-out must be above 0 and at most {_SLOWEST} seconds, got {timeout:g}")
    address, page_origin = read_address(url, (*heads(), DATASETS))
    wanted = read_origin(origin) if origin is not None else page_origin
    hosted = tuple(kind for each in all_formats() for kind in each.hosted)
    # A page of the same origin needs no permission.
    elsewhere = None if wanted == address.origin else wanted
    return examine(address, elsewhere, hosted, Asker(timeout), tell)
