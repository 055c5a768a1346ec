"""Remove from a source the parts that the user wants to leave out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from karospace_stream.model.catalog import Catalog
from karospace_stream.model.left_out import is_within, removable_parts, spell
from karospace_stream.source.elements.frames import Frame
from karospace_stream.source.parts import Parts

#: Tells whether to keep a part.
Stays = Callable[[str], bool]


def parts_without(catalog: Catalog, parts: Parts, wanted: Sequence[str]) -> tuple[Parts, set[str]]:
    """Take parts out.

    Parameters
    ----------
    wanted
        Such as ``obsm:protein`` or ``uns:spatial/sample``; ``uns`` takes all of uns.

    Returns
    -------
    The remaining parts, and the removed ones.
    """
    gone = {part for part in removable_parts(catalog) if any(is_within(part, each) for each in wanted)}
    return _parts_left(parts, lambda part: part not in gone), gone


def _parts_left(parts: Parts, stays: Stays) -> Parts:
    matrices = {name: reader for name, reader in parts.matrices.items() if stays(spell(name))}
    raw_var = parts.raw_var if "raw" in matrices else None
    return replace(
        parts,
        matrices=matrices,
        obs=_frame_left(parts.obs, "obs", stays),
        var=_frame_left(parts.var, "var", stays),
        raw_var=None if raw_var is None else _frame_left(raw_var, "var", stays),
        obsm={key: entry for key, entry in parts.obsm.items() if stays(f"obsm:{key}")},
        spot_diameter=parts.spot_diameter if _spots_stay(parts, stays) else None,
        microns_per_pixel=parts.microns_per_pixel if stays("uns:spatial") else None,
        log_base=parts.log_base if stays("uns:log1p") else None,
        # Without its image, a library still has cells that are not those of another.
        libraries=parts.libraries if stays("uns:spatial") else (),
        texts=tuple((key, text) for key, text in parts.texts if stays(f"uns:{key}")),
        images=tuple(image for image in parts.images if stays(f"uns:{image.info.path}")),
        arrays={key: array for key, array in parts.arrays.items() if stays(f"uns:{key}")},
        palettes={key: palette for key, palette in parts.palettes.items() if stays(f"uns:{key}")},
        rankings={key: each for key, each in parts.rankings.items() if stays(f"uns:{key}")},
        aliases={old: name for old, name in parts.aliases.items() if name in matrices},
        sets={key: sets for key, sets in parts.sets.items() if stays(f"uns:{key}")},
        varm={key: entry for key, entry in parts.varm.items() if stays(f"varm:{key}")},
        others=tuple(key for key in parts.others if stays(spell(key))),
    )


def _spots_stay(parts: Parts, stays: Stays) -> bool:
    """Whether no part of a slide was removed, so that its spot size is valid."""
    return stays("uns:spatial") and all(stays(f"uns:{image.info.path}") for image in parts.images)


def _frame_left(frame: Frame, kind: str, stays: Stays) -> Frame:
    columns = {name: element for name, element in frame.columns.items() if stays(f"{kind}:{name}")}
    return replace(frame, columns=columns)
