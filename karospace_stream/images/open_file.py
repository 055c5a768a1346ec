"""Open a file of an image, or an OME-Zarr, by its path or URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karospace_stream.errors import BadInputError
from karospace_stream.images.ome_zarr import image_of_group
from karospace_stream.images.picture import PictureFile
from karospace_stream.images.slide import SlideImage
from karospace_stream.images.tiff.image import TiffImage
from karospace_stream.source.files.stored_file import PlainFile
from karospace_stream.source.files.stream import find_file
from karospace_stream.storage import Store, is_url, local_path, location_of, open_regular

if TYPE_CHECKING:
    from karospace_stream.images.referred import ReferredImage

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
#: Of the image and of its full size, in either version of Zarr.
_DOCUMENTS = (".zattrs", "zarr.json", "0/.zarray", "0/zarr.json")


def open_image(path: str, storage_options: Mapping[str, Any] | None = None) -> SlideImage:
    """Describe an image; reads its header and directories only.

    Raises
    ------
    BadInputError
        If there is none, or it cannot be read.
    BadOptionError
        If a package is not installed that it needs.
    """
    if is_zarr(path):
        return _open_zarr(path, storage_options)
    file = find_file(path, storage_options)
    head = PlainFile(file).read(0, min(4, file.size))
    return TiffImage.of(file) if head in _TIFF else PictureFile.of(file)


def fingerprint_of(image: SlideImage, path: str, storage_options: Mapping[str, Any] | None = None) -> str:
    """Text that changes with an image that `open_image` has opened.

    Hosts do not list the chunks of an OME-Zarr: the state of its metadata stands for all.
    """
    if isinstance(image, (TiffImage, PictureFile)):
        return image.file.fingerprint
    if not is_url(path):
        return str(_root(path, storage_options)[0].fingerprint)
    store = Store(location_of(path, storage_options))
    states = [store.info(name) for name in _DOCUMENTS]
    return " ".join(f"{each.size}-{each.version}" for each in states if each is not None)


def is_zarr(path: str) -> bool:
    """Whether a path or URL names a folder, or is called like a Zarr."""
    if is_url(path):
        return ".zarr" in path.rstrip("/").partition("?")[0]
    return Path(local_path(path)).expanduser().is_dir()


def is_picture(path: str) -> bool:
    """Whether a path may name a file that browsers draw: one of this machine, and no TIFF."""
    if is_url(path) or is_zarr(path):
        return False
    try:
        head = read_head(Path(local_path(path)).expanduser())
    except OSError:  # whoever reads it says why
        return True
    return head not in _TIFF


def read_head(path: Path) -> bytes:
    """The first bytes of a file."""
    with open_regular(path) as file:
        return file.read(4) or b""


def open_referred(path: str, storage_options: Mapping[str, Any] | None = None) -> ReferredImage | str:
    """Describe an OME-Zarr that a page is to read itself, or say why it could not; reads metadata only.

    Raises
    ------
    BadInputError
        If there is none, or it cannot be read.
    """
    from karospace_stream.images.referred import referred_group

    with _opened_zarr(path, storage_options) as (group, root):
        return referred_group(group, root)


def _open_zarr(path: str, storage_options: Mapping[str, Any] | None) -> SlideImage:
    from karospace_stream.source.zarr.store_source import ZarrWrap

    with _opened_zarr(path, storage_options) as (group, root):
        return image_of_group(group, ZarrWrap(root))


@contextmanager
def _opened_zarr(path: str, storage_options: Mapping[str, Any] | None) -> Iterator[tuple[Any, Any]]:
    from karospace_stream.source.problems.unreadable import required
    from karospace_stream.source.zarr.listed_group import ListedGroup
    from karospace_stream.source.zarr.root import open_zarr_group

    root, shown = _root(path, storage_options)
    with required("the image", shown):
        group = ListedGroup(open_zarr_group(root))
        try:
            yield group, root
        except KeyError as error:
            raise BadInputError(f"its array {error} is missing") from error


def _root(path: str, storage_options: Mapping[str, Any] | None) -> tuple[Any, str]:
    from karospace_stream.source.zarr.folder import ZarrFolder
    from karospace_stream.source.zarr.remote import RemoteZarr

    if not is_url(path):
        return ZarrFolder.at(Path(local_path(path)).expanduser()), path
    location = location_of(path, storage_options)
    # Hosts of images list nothing, and need not: the description names all arrays.
    return RemoteZarr(location, f"image {location.shown}", 2, consolidated=False), location.shown
