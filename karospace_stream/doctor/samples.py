"""Files of the export, fetched as browsers do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from karospace_stream.doctor.address import Address
from karospace_stream.doctor.ask import Answer, Asker, NoAnswerError
from karospace_stream.doctor.coding import inflate, is_gzip
from karospace_stream.model.expected import Expected

LARGEST_DOCUMENT = 64 << 20
PAGE_IN_PLACE = "the host sends a page instead"
_LARGEST_SAMPLE = 1 << 20
_MOST_SAMPLES = 16
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file fetched as browsers do: with gzip accepted.

    Attributes
    ----------
    answer
        None if there was none; then ``why`` gives the reason.
    """

    expected: Expected
    answer: Answer | None
    why: str = ""

    @property
    def key(self) -> str:
        """Path in the export."""
        return self.expected.key

    @property
    def suffix(self) -> str:
        """End of the name, such as ``.gz``."""
        return PurePosixPath(self.key).suffix.lower()

    @property
    def is_there(self) -> bool:
        """Whether a file arrived."""
        return self.answer is not None and self.answer.status == 200

    def content(self, limit: int = LARGEST_DOCUMENT) -> bytes:
        """The beginning of the content that a browser gives to a page. Raises ``ValueError`` if it fails."""
        assert self.answer is not None
        body = self.answer.body
        # Other codings were not requested, and are left unchanged.
        for _ in range(self.answer.n_gzips or 0):
            body = inflate(body, limit)
        return body[:limit]

    def stored_nbytes(self) -> int | None:
        """Size on the host's disk; None if unknown."""
        assert self.answer is not None
        if self.answer.n_gzips == 0:
            return self.answer.length
        if self.answer.n_gzips != 1 or self.answer.more:
            return None
        try:
            inner = self.content()
        except ValueError:
            return None
        # A .gz file with a Content-Encoding label is stored as it was sent.
        labelled = self.suffix == ".gz" and not is_gzip(inner)
        return self.answer.length if labelled else len(inner)

    def harm(self) -> str:
        """The fault of a received file as a sentence; empty if it is complete and the right one."""
        assert self.answer is not None
        if self.answer.body.startswith(_LFS_POINTER):
            return "it is a Git LFS pointer, not the file; upload it without Git LFS"
        if self.answer.is_short:
            return (
                f"the connection ended after {len(self.answer.body):,} of {self.answer.stated_length:,} bytes"
            )
        as_sent = not self.answer.encodings
        if as_sent and self.suffix != ".html" and is_page(self.answer.body):
            return PAGE_IN_PLACE
        if as_sent and self.suffix == ".gz" and not is_gzip(self.answer.body):
            return ""  # inflated in transit, which another check reports
        size, wanted = self.stored_nbytes(), self.expected.size
        if None in {size, wanted} or size == wanted:
            return ""
        return f"it must have {wanted:,} bytes, got {size:,}; copy it again"


def fetch(asker: Asker, address: Address, expected: Expected, limit: int = _LARGEST_SAMPLE) -> Sample:
    """Fetch a file as browsers do."""
    if not stays_inside(expected.key):
        return Sample(expected, None, "its name points outside the export")
    headers = {"Accept-Encoding": "gzip"}
    try:
        return Sample(expected, asker.ask(address.of(expected.key), limit=limit, headers=headers))
    except NoAnswerError as error:
        return Sample(expected, None, str(error))


def is_page(body: bytes) -> bool:
    """Whether this is HTML."""
    return body.lstrip()[:64].lower().startswith((b"<!doctype html", b"<html"))


def stays_inside(key: str) -> bool:
    """Whether a path stays below the folder: others may have written the manifest."""
    steps = key.split("/")
    return not ({"", ".", ".."} & set(steps) or "\\" in key or ":" in steps[0])


def chosen(files: tuple[Expected, ...], read: tuple[str, ...] = ()) -> list[Expected]:
    """Choose documents and files already read; per folder, the largest file of each ending (``.bin.gz``)."""
    documents = [each for each in files if not each.lasting or each.key in read]
    assets: dict[tuple[str, str], Expected] = {}
    for each in files:
        if each not in documents:
            path = PurePosixPath(each.key)
            kind = (str(path.parent), "".join(path.suffixes[-2:]))
            if kind not in assets or (each.size or 0) > (assets[kind].size or 0):
                assets[kind] = each
    return [*documents, *assets.values()][:_MOST_SAMPLES]
