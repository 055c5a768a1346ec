"""The list of formats. A format is one folder and one line here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a command's help imports this module, and must be fast
    from karospace_stream.formats.format import Format, FormatPlan, FormatRun
    from karospace_stream.model.selection import Selection
    from karospace_stream.model.source import Source
    from karospace_stream.options.export_options import ExportOptions

    # Which types a format uses is its own business: `Format` checks that they fit together.
    AnyFormat = Format[Any, Any, Any, Any]

#: By the name for ``--format``, the folder: a package whose module ``format`` holds the ``FORMAT``, and whose
#: module ``options`` holds the ``OPTIONS``. The first is the default.
FORMATS: dict[str, str] = {
    "karospace": "karospace_stream.formats.karospace",
    "cellucid": "karospace_stream.formats.cellucid",
    "anndata": "karospace_stream.formats.anndata",
}


def format_of(name: str) -> AnyFormat:
    """Get a format by name; raises KeyError if there is none."""
    made: AnyFormat = import_module(f"{FORMATS[name]}.format").FORMAT
    return made


def run_of(plan: FormatPlan) -> FormatRun[Any, Any, Any, Any]:
    """The object that carries out the plan of a format."""
    return format_of(plan.name).run()


def options_of(name: str) -> type[Any]:
    """Get the dataclass that declares the options of one format; raises KeyError if there is none."""
    made: type[Any] = import_module(f"{FORMATS[name]}.options").OPTIONS
    return made


def all_formats() -> Iterator[AnyFormat]:
    """Every format, in the order of `FORMATS`."""
    return map(format_of, FORMATS)


def sure_heads() -> tuple[str, ...]:
    """Documents each of which alone shows that a folder is an export."""
    return tuple(head for each in all_formats() if each.head_suffices for head in each.heads)


def heads() -> tuple[str, ...]:
    """Documents of which every export has one; other folders may have one too."""
    return tuple(head for each in all_formats() for head in each.heads)


def export_folder(text: str) -> str:
    """The folder of an export if the path or URL of its page or manifest was given, else the same text."""
    folder, slash, name = text.rpartition("/")
    pages = {each.page for one in all_formats() for each in one.hosted if each.page}
    if name not in {*heads(), *pages}:
        return text
    folder = folder if slash else "."
    is_local = "://" not in text
    if is_local and not any(Path(folder).expanduser().joinpath(head).is_file() for head in sure_heads()):
        return text
    return folder


def anno_of(options: ExportOptions, name: str) -> tuple[str, ...] | None:
    """The obs columns that a format is asked for; None where it chooses some itself."""
    return ("all",) if options.anno is None and format_of(name).all_columns else options.anno


def plan_formats(
    source: Source, options: ExportOptions, chosen: Selection, *, genes_known: bool
) -> tuple[FormatPlan, ...]:
    """Decide what each chosen format exports for the chosen cells and genes.

    Parameters
    ----------
    genes_known
        Whether the genes are final, or stand in for those that the means will choose.
    """
    return tuple(
        format_of(name).plan(source, options, chosen, genes_known=genes_known) for name in options.formats
    )
