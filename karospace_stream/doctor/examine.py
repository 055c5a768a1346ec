"""The complete examination: find the export, then run one check after another."""

from __future__ import annotations

from collections.abc import Callable

from karospace_stream.doctor.address import Address
from karospace_stream.doctor.ask import Asker, NoAnswerError
from karospace_stream.doctor.checks.absent import check_absent
from karospace_stream.doctor.checks.caching import check_caching
from karospace_stream.doctor.checks.compression import check_compression
from karospace_stream.doctor.checks.encoding import check_encoding
from karospace_stream.doctor.checks.head import check_head
from karospace_stream.doctor.checks.origins import check_origins
from karospace_stream.doctor.checks.page import check_page
from karospace_stream.doctor.checks.ranges import check_ranges
from karospace_stream.doctor.checks.reach import check_address
from karospace_stream.doctor.checks.sizes import check_sizes
from karospace_stream.doctor.checks.types import check_types
from karospace_stream.doctor.findings import CHECKS, Diagnosis, Finding, fault, fine, in_order
from karospace_stream.doctor.hosts import recognised
from karospace_stream.doctor.samples import LARGEST_DOCUMENT, PAGE_IN_PLACE, Sample, fetch, is_page
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit
from karospace_stream.errors import BadInputError
from karospace_stream.model.expected import Contents, Expected, Hosted

_RUN: dict[str, Callable[[Visit], list[Finding]]] = {
    "sizes": check_sizes,
    "absent": check_absent,
    "page": check_page,
    "cors": check_origins,
    "types": check_types,
    "encoding": check_encoding,
    "ranges": check_ranges,
    "head": check_head,
    "compression": check_compression,
    "caching": check_caching,
    "address": check_address,
}


#: Stands beside several exports, and names their folders.
LISTING = "datasets.json"


class _UnsuitableError(Exception):
    """No export of a format was found. The text gives the reason."""

    def __init__(self, sentence: str, topic: str = "", *, absent: bool = False) -> None:
        super().__init__(sentence)
        self.topic = topic
        self.absent = absent


def examine(
    address: Address,
    origin: str | None,
    formats: tuple[Hosted, ...],
    asker: Asker,
    tell: Callable[[str], None] = lambda check: None,
) -> Diagnosis:
    """Examine a host.

    Parameters
    ----------
    address
        Folder of the export.
    origin
        Of the page that is to read it; None for the one in the export, or any.
    formats
        Formats to look for, one after another.
    tell
        Called with the name of each check before it runs.

    Raises
    ------
    BadInputError
        If the host cannot be reached.
    """
    tell(CHECKS["bundle"])
    visit, found = _open(address, origin, formats, asker)
    for check, look in _RUN.items() if visit else ():
        tell(CHECKS[check])
        assert visit is not None
        try:
            found += look(visit)
        except NoAnswerError as error:
            found.append(fault(check, f"could not be checked: {error}"))
    contents = visit.contents if visit else Contents(0, 0, ())
    return Diagnosis(
        address.folder,
        visit.format.name if visit else "",
        contents.n_cells,
        contents.n_genes,
        origin,
        recognised(address.host, [each.headers for each in asker.answers]),
        in_order(found),
        asker.n_requests,
    )


def _open(
    address: Address, origin: str | None, formats: tuple[Hosted, ...], asker: Asker
) -> tuple[Visit | None, list[Finding]]:
    reasons: list[_UnsuitableError] = []
    for each in formats:
        documents: dict[str, Sample] = {}
        try:
            contents = _describe(each, address, asker, documents)
        except _UnsuitableError as error:
            reasons.append(error)
            continue
        sentence = f"a {each.name} export, by {listed(list(documents))}"
        return Visit(address, origin, asker, each, contents, documents), [fine("bundle", sentence)]
    return None, [_nothing(address, formats, reasons, asker)]


def _nothing(
    address: Address, formats: tuple[Hosted, ...], reasons: list[_UnsuitableError], asker: Asker
) -> Finding:
    """Report why there is no export, for the formats whose head exists, or for all."""
    present = [each for each in reasons if not each.absent]
    if present:
        topic = next((each.topic for each in present if each.topic), "")
        return fault("bundle", "; ".join(dict.fromkeys(map(str, present))), topic)
    heads = " nor ".join(each.head for each in formats)
    listing = fetch(asker, address, Expected(LISTING))
    if listing.is_there and not is_page(listing.content()):
        return fault("bundle", f"this is a list of exports ({LISTING}); give the address of one of them")
    return fault("bundle", f"there is no export here: neither {heads}")


def _describe(kind: Hosted, address: Address, asker: Asker, documents: dict[str, Sample]) -> Contents:
    def read(key: str) -> bytes:
        sample = fetch(asker, address, Expected(key, lasting=False), LARGEST_DOCUMENT)
        if sample.answer is None and not asker.answers:
            raise BadInputError(f"{address.folder} cannot be reached: {sample.why}")
        data = _document(sample, is_head=key == kind.head)
        documents[key] = sample
        return data

    def find(key: str) -> bytes | None:
        try:
            return read(key)
        except _UnsuitableError:
            return None

    head = read(kind.head)
    try:
        return kind.describe(head, read, find)
    except BadInputError as error:
        raise _UnsuitableError(shown(str(error), 300)) from None


def _document(sample: Sample, is_head: bool) -> bytes:
    key = shown(sample.key)
    if sample.answer is None:
        raise _UnsuitableError(f"{key}: {sample.why}")
    status = sample.answer.status
    if status != 200:
        topic = "public" if status in {401, 403} else ""
        raise _UnsuitableError(
            f"{key}: the host answers {status}", topic, absent=status in {404, 410} and is_head
        )
    if sample.answer.more:
        raise _UnsuitableError(f"{key} is larger than {LARGEST_DOCUMENT >> 20} MiB")
    try:
        data = sample.content()
    except ValueError:
        raise _UnsuitableError(f"{key}: Content-Encoding is gzip, but the body is not", "encoding") from None
    if is_page(data):
        raise _UnsuitableError(f"{key}: {PAGE_IN_PLACE}", "absent")
    return data
