"""`karospace_stream.check_host`: the formats' knowledge, joined to the doctor's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from karospace_stream.doctor import Diagnosis, Format, examine
from karospace_stream.doctor.address import read_address, read_origin
from karospace_stream.doctor.ask import Asker
from karospace_stream.doctor.visit import Find, Read
from karospace_stream.errors import BadOptionError
from karospace_stream.formats.anndata.layout import expected as stores
from karospace_stream.formats.anndata.layout.names import SEALED_BY
from karospace_stream.formats.cellucid.layout import expected as cellucid
from karospace_stream.formats.cellucid.layout.names import DATASETS, IDENTITY
from karospace_stream.formats.karospace.layout import expected as karospace
from karospace_stream.formats.karospace.layout import names
from karospace_stream.formats.layout.checksums import CHECKSUMS, read_checksums
from karospace_stream.model.expected import Contents

_SLOWEST = 600


def _describe_karospace(manifest: bytes, read: Read, find: Find) -> Contents:
    contents = karospace.contents(manifest)
    atlas = karospace.atlas_path(manifest)
    if atlas is not None:
        karospace.check_atlas(read(atlas))
    return contents


def _describe_cellucid(identity: bytes, read: Read, find: Find) -> Contents:
    contents = cellucid.contents(identity, read)
    listing = find(CHECKSUMS)
    if listing is None:
        return contents
    try:
        sizes = {key: size for key, (size, _) in read_checksums(listing).files.items()}
    except ValueError:
        return contents
    # This format's manifests say nothing of sizes.
    files = (replace(each, size=sizes.get(each.key, each.size)) for each in contents.files)
    return replace(contents, files=tuple(files))


def _describe_store(head: str, document: bytes, read: Read, find: Find) -> Contents:
    return stores.contents(head, document, find(CHECKSUMS))


_FORMATS = (
    Format("KaroSpace", names.MANIFEST, names.PAGE, by_name=False, describe=_describe_karospace),
    Format("Cellucid", IDENTITY, None, by_name=True, describe=_describe_cellucid),
    *(
        Format("AnnData", head, None, by_name=False, describe=partial(_describe_store, head))
        for head in SEALED_BY.values()
    ),
)
_HEADS = (names.MANIFEST, names.ATLAS, IDENTITY, DATASETS, *SEALED_BY.values())


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
        raise BadOptionError(f"a time-out of up to {_SLOWEST} seconds was wanted, got {timeout:g}")
    address, page_origin = read_address(url, _HEADS)
    wanted = read_origin(origin) if origin is not None else page_origin
    # A page of the same origin needs no leave.
    elsewhere = None if wanted == address.origin else wanted
    return examine(address, elsewhere, _FORMATS, Asker(timeout), tell)
