"""`karospace_stream.check_host`: the doctor, with the files that each format needs on a host."""

from __future__ import annotations

from collections.abc import Callable

from karospace_stream.doctor import Diagnosis, examine
from karospace_stream.doctor.address import read_address, read_origin
from karospace_stream.doctor.ask import Asker
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.layout.datasets import DATASETS
from karospace_stream.formats.registry import all_formats, heads

_SLOWEST = 600


def check_host(
    url: str,
    *,
    origin: str | None = None,
    timeout: float = 10,
    tell: Callable[[str], None] = lambda check: None,
) -> Diagnosis:
    """Check whether a host serves an export correctly, and find the settings to change if not.

    Sends about 20 requests to that host, without credentials, as a browser does.

    Parameters
    ----------
    url
        Address of the folder of an export of any format, of a file in it, or of a page with
        ``?data=``.
    origin
        Origin of the page that will read the export, such as ``https://viewer.example.org``; None for the
        page in the export.
    timeout
        Longest time to wait for an answer, in seconds; above 0, at most 600.
    tell
        Called with the name of each check before it runs.

    Returns
    -------
    Diagnosis
        Findings, and settings of the host that would help.

    Raises
    ------
    BadInputError
        If the host cannot be reached.
    BadOptionError
        If ``url`` or ``origin`` is not an address that a browser could use, or ``timeout`` is out of range.

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
