"""`karospace_stream.serve`: find or make the export of the given data, and show it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from karospace_stream.errors import BadInputError, BadOptionError
from karospace_stream.formats.karospace.layout.names import PROGRESS
from karospace_stream.formats.layout.datasets import DATASETS
from karospace_stream.formats.registry import export_folder, heads, sure_heads
from karospace_stream.preview.detect import is_published, is_viewable_url, is_zip, kind_of, reader
from karospace_stream.progress.shown import background_progress
from karospace_stream.runtime.events import Listener
from karospace_stream.serving import Server, start
from karospace_stream.storage import is_url, local_path
from karospace_stream.words.signature import with_keywords

if TYPE_CHECKING:
    from karospace_stream.options.keywords import ExportKeywords
    from karospace_stream.preview.cached import CacheEntry
    from karospace_stream.serving.site import Files, Maker, Site
    from karospace_stream.targets.published import PublishedZip

Opened = TypeVar("Opened")
#: Begins to show progress; gives a listener, and what ends it.
Shown = Callable[[], tuple[Listener, Callable[[], None]]]


@with_keywords(plans=True)
def serve(
    source: Any,
    *,
    port: int = 8000,
    host: str = "127.0.0.1",
    token: str | None = None,
    listener: Listener | None = None,
    progress: bool | None = None,
    **options: Unpack[ExportKeywords],
) -> Server:
    """Serve data to browsers on this machine, until :meth:`Server.stop`.

    The server runs in its own thread; this function returns as soon as it answers requests. If the data must
    be exported first, the page opens as soon as columns and coordinates are ready, and genes follow;
    ``Server.complete()`` waits for the end of the export.

    Parameters
    ----------
    source
        A folder with an export of any format, or with several exports in subfolders; the URL of an export,
        such as ``s3://bucket/export``; a ``.h5ad`` file, a ``.zarr`` store or another input (path or URL), or
        several as for `export`; or an ``AnnData``. Data that are not an export are exported into the cache
        first, unless the cache holds them already. A gene-major ``.zarr`` or ``.zarr.zip`` is shown directly,
        unless there are options.
    port
        TCP port. If it is in use, the next free one is used; see :attr:`Server.port`. 0 for any free
        port.
    host
        Address to listen on. The server only answers requests to ``127.0.0.1``, ``localhost`` and ``[::1]``,
        whatever the address.
    token
        First part of every path. The server then answers only requests with this path, but under any host
        name.
    listener
        Called with each progress event of the export.
    progress
        Whether to show the progress of the export, as the page does. By default it is shown in a notebook and
        by a program on a terminal, unless there is a listener; at the prompt of a terminal, where you go on
        typing, only notes are. False shows none.
    **options
        As for `export`, if the data must be exported first.

    Returns
    -------
    Server
        The running server. As a context manager, it stops the server at the end.

    Raises
    ------
    BadInputError
        If there is nothing to show.
    BadOptionError
        If this machine does not have the address, the port cannot be used, or there are options for data
        that need no export.
    KaroSpaceError
        As `export`.

    Examples
    --------
    >>> with serve("bundle/") as server:  # doctest: +SKIP
    ...     print(server.url)
    http://127.0.0.1:8000/
    """
    opened = partial(start, heads=heads(), port=port, host=host, token=token)
    if isinstance(source, (str, os.PathLike)):
        source = export_folder(local_path(os.fspath(source)))
    if is_zip(source) and not options.keys() - {"storage_options"}:
        store = _viewable_zip(os.fspath(source), options.get("storage_options"))
        if store is not None:
            return _serve_zip(store, str(source), opened)
    if is_published(source):
        storage_options = options.pop("storage_options", None)
        _no_options(source, options)
        return _serve_url(str(source), storage_options, opened)
    if is_viewable_url(source, options):
        return _serve_url(str(source), options.get("storage_options"), opened)
    kind = kind_of(source)
    if kind == "source" or (kind == "store" and options):
        return _serve_source(source, opened, partial(background_progress, progress, listener), options)
    _no_options(source, options)
    return _serve_folder(Path(source), opened)


def open_site(location: str, storage_options: Any = None) -> Site:
    """An export, or a folder of exports, as an application that another server mounts.

    Raises
    ------
    BadInputError
        If there is no export.
    """
    from karospace_stream.serving.site import Site

    def opened(files: Files, location: str, made: Mapping[str, Maker] | None = None) -> Site:
        return Site(files, made or {}, heads())

    if is_zip(location):
        store = _viewable_zip(location, storage_options)
        if store is None:
            raise BadInputError(
                f"{location}: the zip must hold a gene-major Zarr store; unpack it, or export it"
            )
        return _serve_zip(store, location, opened)
    if is_url(location):
        return _serve_url(location, storage_options, opened)
    return _serve_folder(Path(location), opened)


def _serve_source(source: Any, opened: partial[Server], shown: Shown, options: Any) -> Server:
    from karospace_stream.preview.cached import find_entry, send_note

    entry = find_entry(source, **options)
    if entry.plan is not None:
        return _serve_in_background(entry, opened, shown)
    try:
        if entry.note:
            hear, end = shown()
            send_note(entry, hear)
            end()
        server = _serve_folder(entry.folder, opened)
    except BaseException:
        entry.release()
        raise
    server.on_stop(entry.release)
    return server


def _serve_in_background(entry: CacheEntry, opened: partial[Server], shown: Shown) -> Server:
    from karospace_stream.preview.background_export import BackgroundExport
    from karospace_stream.preview.cached import send_note
    from karospace_stream.serving.files import LocalFiles

    hear, end = shown()
    send_note(entry, hear)
    export = BackgroundExport(entry, hear, at_end=end)
    made = {PROGRESS: export.progress, **dict.fromkeys(sure_heads(), export.hold)}
    try:
        server = opened(LocalFiles(export.folders), str(entry.folder), made=made)
    except BaseException:
        export.close()
        raise
    server.complete = export.complete
    server.on_stop(export.halt, before=True)
    server.on_stop(export.close)
    return server


def _serve_folder(folder: Path, opened: Callable[..., Opened]) -> Opened:
    from karospace_stream.serving.files import LocalFiles

    folder = folder.expanduser()
    files = LocalFiles([str(folder)])
    if kind_of(folder) == "exports" and not (folder / DATASETS).is_file():
        from karospace_stream.preview.listing import list_folder

        return opened(files, str(folder), made={DATASETS: partial(list_folder, folder)})
    return opened(files, str(folder))


def _serve_zip(store: PublishedZip, location: str, opened: Callable[..., Opened]) -> Opened:
    from karospace_stream.serving.remote import RemoteFiles

    return opened(RemoteFiles(store), location)


def _viewable_zip(location: str, storage_options: Any) -> PublishedZip | None:
    """A store in one file that the page opens directly; None if there is none."""
    from karospace_stream.preview.listing import is_viewable
    from karospace_stream.targets.published import open_published_zip

    url = location if is_url(location) else f"file://{Path(location).expanduser().absolute()}"
    try:
        store = open_published_zip(url, storage_options)
        return store if is_viewable(reader(store)) else None
    except (OSError, BadInputError):  # opening it as a source gives a better error
        return None


def _serve_url(url: str, storage_options: Any, opened: Callable[..., Opened]) -> Opened:
    from karospace_stream.serving.remote import RemoteFiles
    from karospace_stream.targets.published import open_published

    store = open_published(url, storage_options)
    try:
        if any(store.find(name) for name in (*heads(), DATASETS)):
            return opened(RemoteFiles(store), url)
        made = _list_store(store)
    except OSError as error:
        raise BadInputError(f"{url} cannot be read: {error}") from error
    if made is None:
        raise BadInputError(
            f"{url} must be an export or a folder of exports, but there is none of "
            f"{', '.join(sure_heads())}; check the address"
        )
    return opened(RemoteFiles(store), url, made={DATASETS: partial(_list_store, store)})


def _list_store(store: Any) -> bytes | None:
    from karospace_stream.preview.listing import list_exports

    return list_exports(store.folders(), reader(store))


def _no_options(source: Any, options: Any) -> None:
    if options:
        raise BadOptionError(
            f"{source} is already an export, so it takes no {', '.join(sorted(options))}; export its "
            "source again to change them"
        )
