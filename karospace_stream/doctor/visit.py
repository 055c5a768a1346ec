"""One visit to a host: responses that are requested once and shared by several checks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from karospace_stream.doctor.address import Address
from karospace_stream.doctor.ask import Answer, Asker
from karospace_stream.doctor.samples import Sample, chosen, fetch, is_page
from karospace_stream.model.expected import Contents, Hosted

#: Stands for any page if none is named.
ANY_ORIGIN = "https://page.example"

_BEGINNING = 1 << 12
_NO_NUMBERS = frozenset({".json", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"})


@dataclass
class Visit:
    """State shared by the checks.

    Attributes
    ----------
    origin
        Of the page that is to read; None for any.
    documents
        Heads and manifests already fetched, by key.
    """

    address: Address
    origin: str | None
    asker: Asker
    format: Hosted
    contents: Contents
    documents: Mapping[str, Sample] = field(default_factory=dict)

    @property
    def elsewhere(self) -> bool:
        """Whether the page has another origin than the data."""
        return self.origin is not None or (self.format.page is None and not self.shows_page)

    @cached_property
    def shows_page(self) -> bool:
        """Whether the folder's own URL is a page, whoever put it there."""
        return self.folder.status == 200 and is_page(self.folder.body)

    @cached_property
    def folder(self) -> Answer:
        """The response for the folder's own URL."""
        return self.ask("")

    @property
    def page_origin(self) -> str:
        """Origin of the page that reads the data, or an origin that stands for any other page."""
        return self.origin or ANY_ORIGIN

    @cached_property
    def samples(self) -> list[Sample]:
        """All documents, and one other file for each file name ending."""
        return [
            replace(known, expected=each)
            if (known := self.documents.get(each.key))
            else fetch(self.asker, self.address, each)
            for each in chosen(self.contents.files, tuple(self.documents))
            # A page elsewhere replaces it.
            if self.origin is None or each.key != self.format.page
        ]

    @cached_property
    def there(self) -> list[Sample]:
        """The samples that arrived complete."""
        return [each for each in self.samples if each.is_there and not each.harm()]

    @cached_property
    def asset(self) -> Sample | None:
        """The largest file that holds numbers, such as that of a gene."""
        assets = [each for each in self.there if self._holds_numbers(each)]
        return max(assets, key=lambda each: len(each.answer.body) if each.answer else 0, default=None)

    def _holds_numbers(self, sample: Sample) -> bool:
        is_chunk = sample.key[-1].isdecimal() and sample.key not in self.documents  # of a Zarr store
        return is_chunk or (sample.expected.lasting and sample.suffix not in _NO_NUMBERS)

    @cached_property
    def absent_key(self) -> str:
        """A name that no export has."""
        return f"assets/absent-{secrets.token_hex(8)}.bin.gz"

    def ask(
        self,
        key: str,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        limit: int = _BEGINNING,
    ) -> Answer:
        """Request a file again in another way; the beginning of the body is usually enough."""
        return self.asker.ask(self.address.of(key), method, limit=limit, headers=headers)
