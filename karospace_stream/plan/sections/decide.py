"""Decide how the sections of a tissue are laid out, and the cells above each image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from karospace_stream.errors import BadOptionError
from karospace_stream.formats.karospace.options import KarospaceOptions
from karospace_stream.formats.left_out import name_some
from karospace_stream.formats.registry import format_of
from karospace_stream.model.finding import Finding
from karospace_stream.model.sections import CellsImage, is_scaled
from karospace_stream.model.selection import Selection
from karospace_stream.model.source import Source
from karospace_stream.options.export_options import ExportOptions
from karospace_stream.plan.sections.arrange import arrange
from karospace_stream.plan.sections.libraries import Libraries, find_libraries, place_images
from karospace_stream.select import choose_embeddings
from karospace_stream.select.coords import is_pixels
from karospace_stream.units import counted

_NAMED = 5


def decide_sections(
    source: Source, options: ExportOptions, selection: Selection
) -> tuple[Selection, tuple[Finding, ...]]:
    """Add the arrangement and the images to a selection.

    Neither depends on the formats, so that each of several has the same coordinates as alone.

    Raises
    ------
    BadOptionError
        If sections cannot be laid out as requested.
    """
    image, draws = options.of(KarospaceOptions).image, _draws_images(options)
    if isinstance(image, str) and options.arrange_by is not None:
        raise BadOptionError(
            "--arrange-by: sections would be laid out side by side, and the one image of --image PATH would "
            "not lie under them; leave one of the two out"
        )
    libraries = Libraries({}, None, are_all_cells=False)
    if image is None and (draws or options.arrange_by is not None):
        libraries = find_libraries(source, selection)
    arranged = arrange(source, options, selection, libraries)
    if arranged is not None:
        laid = replace(selection, arrangement=arranged.arrangement, images=arranged.images)
        return laid, tuple(_unlaid(libraries, arranged.images) if draws else ())
    placed = place_images(source, selection, libraries) if draws else ()
    kept, left = _shown(source, options, placed)
    findings = [*_one_group(options), *(_unknown(libraries) if draws else ()), *left, *_by_library(kept)]
    return replace(selection, images=kept), tuple(findings)


def _draws_images(options: ExportOptions) -> bool:
    return any(format_of(name).draws_images for name in options.formats)


def _shown(
    source: Source, options: ExportOptions, placed: tuple[CellsImage, ...]
) -> tuple[tuple[CellsImage, ...], list[Finding]]:
    """Images that a page can show under their cells, and why others are left out.

    An image of all cells is kept in any case, as the page shows it beside them.
    """
    column = next((each.column for each in placed if each.column is not None), None)
    if column is None:
        return placed, [] if all(is_scaled(each.info) for each in placed) else [_unplaced(placed)]
    what = _left(each.info.library for each in placed)
    if not any(map(is_pixels, choose_embeddings(source.catalog, options.coords, options.vectors))):
        text = f"{what} left out: how an image lies under these coordinates is not known"
        return (), [Finding("images-left-out", text, "coords")]
    anno = options.anno
    if anno not in (None, ("all",)) and column not in (anno or ()):
        text = f"{what} left out: the column {column!r}, which tells the cells of each, is not exported"
        return (), [Finding("images-left-out", text, "anno", (*(anno or ()), column))]
    kept = tuple(each for each in placed if is_scaled(each.info))
    unscaled = [each.info.library for each in placed if each not in kept]
    left = []
    if unscaled:
        left.append(
            Finding("images-left-out", f"{_left(unscaled)} left out: the file does not tell their scale")
        )
    return kept, left


def _unplaced(placed: tuple[CellsImage, ...]) -> Finding:
    """The finding about an image of all cells that cannot be put under them."""
    names = name_some([each.info.library for each in placed], _NAMED)
    text = f"the image of {names} is beside the cells, not under them, as the file does not tell its scale"
    return Finding("image-not-placed", text, "image")


def _by_library(kept: tuple[CellsImage, ...]) -> Iterator[Finding]:
    columns = {each.column for each in kept} - {None}
    for column in columns:
        names = [each.info.library for each in kept]
        whose = f"{counted(len(names), 'library')} ({name_some(names, _NAMED)})"
        text = (
            f"uns['spatial'] has images of {whose}: the page "
            f"shows one while the filter leaves only the cells of its library, by {column!r}"
        )
        yield Finding("images-by-library", text, "arrange_by", column)


def _unknown(libraries: Libraries) -> Iterator[Finding]:
    if libraries.images and not libraries.are_known:
        text = (
            f"{_left(libraries.images)} left out: no column of obs has the names of the libraries as its "
            "categories, as library_id usually has, so that it is not known which cells lie on which image"
        )
        yield Finding("images-left-out", text)


def _unlaid(libraries: Libraries, placed: tuple[CellsImage, ...]) -> Iterator[Finding]:
    """Findings about images that are under no section."""
    yield from _unknown(libraries)
    without = [name for name in libraries.images if name not in {each.info.library for each in placed}]
    if without and libraries.are_known:
        text = f"{_left(without)} left out: there is no section all of whose cells lie on it at a known scale"
        yield Finding("images-left-out", text)


def _one_group(options: ExportOptions) -> Iterator[Finding]:
    if options.arrange == "grid":
        text = "a grid needs several inputs with coordinates, and there is one: there is nothing to lay out"
        yield Finding("nothing-to-arrange", text, "arrange", "none")
    elif options.arrange_by is not None:
        text = f"all cells with coordinates have the same {options.arrange_by!r}: there is nothing to lay out"
        yield Finding("nothing-to-arrange", text, "arrange_by")


def _left(libraries: Iterable[str]) -> str:
    names = list(libraries)
    if len(names) == 1:
        return f"the image of the library {names[0]!r} is"
    return f"the images of {len(names)} libraries ({name_some(names, _NAMED)}) are"
