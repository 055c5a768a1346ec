"""What is run and what must hold: tables, no code that decides."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.beside import BESIDE, N_SECTIONS, N_TRANSCRIPTS, SECTION, SLIDE_SIDE
from benchmarks.data import HALVED, DataSet
from benchmarks.sides import GIGABYTE, Bound, Case, Side

ATLAS = DataSet(100_000, 20_000)
WIDE_OPEN = DataSet(500_000, 20_000, compression="none")
TEN_MILLION = DataSet(10_000_000, 200, n_columns=10)
NEIGHBOURS = DataSet(200_000, 20_000, n_neighbors=15, n_latent=50)
TEN_MILLION_NEIGHBOURS = DataSet(10_000_000, 50, n_columns=10, n_neighbors=15, n_latent=50)
PANEL = DataSet(500_000, 300, layout="dense", density=0.3)
MEDIUM = 200_000
#: Tried in this order; the first that the disk holds is taken.
LARGEST = (2_000_000, 1_000_000, 500_000)
_BUDGET = ("--memory", "1GB")
_EIGHT_BITS = ("--var-quantization", "8", "--obs-quantization", "8")


def _ours(label: str, data: DataSet, *options: str, n_genes: int | None = None) -> Side:
    """An export to KaroSpace; without statistics, unless these are asked for."""
    none = () if "--group-by" in options else ("--group-by", "none")
    return Side(label, "ours", data, (*_BUDGET, *none, *options), n_genes)


def _floor_case(name: str, title: str, data: DataSet, limit: float | None, rounds: int = 3) -> Case:
    return Case(
        name=name,
        title=title,
        sides=(_ours("ours", data), Side("floor", "floor", data)),
        bounds=(Bound(f"{title}: wall against the floor", "wall", "ours", "floor", limit),),
        agree=(("ours", "floor"),),
        rounds=rounds,
    )


def _cellucid_case() -> Case:
    peer = "cellucid 0.0.9"
    sides = (
        _ours("ours", ATLAS),
        Side(peer, peer, ATLAS, ("--compression", "6")),
        _ours("ours, level 6", ATLAS, "--compression", "6"),
        Side("cellucid 0.9.5", "cellucid 0.9.5", ATLAS),
    )
    what = "100,000 x 20,000, all genes, float32"
    return Case(
        name="cellucid",
        title=f"{what}: cellucid",
        sides=sides,
        bounds=(
            Bound(f"{what}: times faster than {peer} (level 6)", "wall", peer, "ours", 8, at_most=False),
            Bound(f"{what}: peak memory against {peer}", "peak", "ours", peer, 0.25),
            Bound(f"{what}: output against {peer}", "output", "ours", peer, 1.2),
            Bound(f"{what}, both level 6: times faster", "wall", peer, "ours, level 6", 4, at_most=False),
            Bound(f"{what}, both level 6: output against {peer}", "output", "ours, level 6", peer, 1.02),
            Bound(f"{what}: times faster than cellucid 0.9.5 (Zarr)", "wall", "cellucid 0.9.5", "ours", None),
        ),
        agree=(("ours", peer), ("ours, level 6", peer), ("ours", "cellucid 0.9.5")),
        rounds=2,
        process_nbytes=6 * GIGABYTE,
    )


def _export_case() -> Case:
    peer, data = "cellucid 0.0.9", NEIGHBOURS
    # The peer is told the same name, so that the manifests can be compared whole.
    told = (*_BUDGET, *_EIGHT_BITS, "--name", "benchmark")
    asked = ("--compression", "6", *_EIGHT_BITS, "--connectivities")
    what = "200,000 x 20,000, Cellucid, 8 bits, graph, latent space"
    return Case(
        name="export",
        title=what,
        sides=(
            Side("ours", "ours", data, told, formats=("cellucid",), columns="all"),
            Side(peer, peer, data, asked, columns="all"),
            Side("floor", "floor", data),
        ),
        bounds=(
            Bound(f"{what}: times faster than {peer} (level 6)", "wall", peer, "ours", 12, at_most=False),
            Bound(f"{what}: peak memory against {peer}", "peak", "ours", peer, 0.25),
            Bound(f"{what}: output against {peer}", "output", "ours", peer, 1.2),
            Bound(f"{what}, --memory 1GB: peak memory", "peak", "ours", None, GIGABYTE),
            Bound(f"{what}: wall against the floor", "wall", "ours", "floor", None),
        ),
        agree=(("ours", peer), ("ours", "floor")),
        rounds=2,
        process_nbytes=10 * GIGABYTE,
    )


def _store_case() -> Case:
    peer, data = "cellucid 0.9.5", NEIGHBOURS
    told = (*_BUDGET, "--latent", "X_pca", "--dataset-id", "benchmark", "--name", "benchmark")
    fast = (*told, "--compression", "1")
    what = "200,000 x 20,000, gene-major AnnData Zarr, graph, latent space"
    sides = (
        Side("ours", "ours", data, told, formats=("anndata",), columns="all"),
        Side(peer, peer, data, columns="all"),
        Side("ours, level 1", "ours", data, fast, formats=("anndata",), columns="all"),
    )
    return Case(
        name="store",
        title=what,
        sides=sides,
        bounds=(
            Bound(f"{what}: times faster than {peer} (same bytes)", "wall", peer, "ours", None),
            Bound(
                f"{what}, level 1: times faster than {peer}", "wall", peer, "ours, level 1", 4, at_most=False
            ),
            Bound(f"{what}: peak memory against {peer}", "peak", "ours", peer, 0.25),
            Bound(f"{what}, --memory 1GB: peak memory", "peak", "ours", None, GIGABYTE),
            Bound(f"{what}, level 1: output against {peer}", "output", "ours, level 1", peer, 1.2),
        ),
        agree=(("ours", peer), ("ours, level 1", peer)),
        rounds=2,
        process_nbytes=10 * GIGABYTE,
    )


def _both_case() -> Case:
    data = replace(NEIGHBOURS, n_cells=100_000)
    sides = tuple(
        Side(label, "ours", data, _BUDGET, formats=formats, columns="all")
        for label, formats in (
            ("both", ("karospace", "cellucid")),
            ("karospace", ("karospace",)),
            ("cellucid", ("cellucid",)),
        )
    )
    what = "100,000 x 20,000, graph, latent space, two formats from one reading"
    return Case(
        name="both",
        title=what,
        sides=sides,
        bounds=(
            Bound(
                f"{what}: wall against two exports in turn", "wall", "both", ("karospace", "cellucid"), 1.0
            ),
            Bound(f"{what}, --memory 1GB: peak memory", "peak", "both", None, GIGABYTE),
        ),
        agree=(("both", "karospace"), ("both", "cellucid")),
    )


def _graph_case() -> Case:
    what = "10,000,000 x 50, Cellucid, graph of 15, latent space of 50, 10 obs columns, --memory 1GB"
    told = (*_BUDGET, *_EIGHT_BITS)
    side = Side("ours", "ours", TEN_MILLION_NEIGHBOURS, told, formats=("cellucid",), columns="all")
    return Case(
        name="graph",
        title=what,
        sides=(side,),
        bounds=(Bound(f"{what}: peak memory", "peak", "ours", None, GIGABYTE),),
        rounds=1,
        warm_up=False,
        disk_only=True,
    )


def _genes_case() -> Case:
    what = "500,000 x 20,000, uncompressed, 500 genes"
    return Case(
        name="genes",
        title=f"{what}: gene at a time",
        sides=(
            _ours("ours", WIDE_OPEN, n_genes=500),
            Side("gene at a time", "baseline", WIDE_OPEN, n_genes=500),
        ),
        bounds=(
            Bound(
                f"{what}: times faster than gene at a time (20 genes timed, scaled)",
                "wall", "gene at a time", "ours", 100, at_most=False,
            ),
        ),
        agree=(("ours", "gene at a time"),),
        rounds=1,
        process_nbytes=8 * GIGABYTE,
    )  # fmt: skip


def _size_case(largest: int) -> Case:
    few, many = f"{MEDIUM:,}", f"{largest:,}"
    return Case(
        name="size",
        title=f"{many} against {few} cells x 20,000, all genes, 1 GB",
        sides=(_ours(few, DataSet(MEDIUM, 20_000)), _ours(many, DataSet(largest, 20_000))),
        bounds=(
            Bound(f"{many} x 20,000 against {few}, same budget: peak memory", "peak", many, few, 1.2),
            Bound(
                f"{many} x 20,000 against {few}, same budget: wall per stored value",
                "wall per value",
                many,
                few,
                1.3,
            ),
        ),
        rounds=1,
        disk_only=True,
    )


def _many_case() -> Case:
    data = DataSet(1_000_000, 2_000)
    what = "1,000,000 x 2,000 in 20 files"
    sides = (_ours("one file", data), _ours("20 files", replace(data, n_parts=20)))
    return Case(
        name="many",
        title=f"{what} and in one, all genes",
        sides=sides,
        bounds=(
            Bound(f"{what} against one: wall", "wall", "20 files", "one file", 1.15),
            Bound(f"{what}, --memory 1GB: peak memory", "peak", "20 files", None, GIGABYTE),
        ),
        agree=(("one file", "20 files"),),
        disk_only=True,
    )


def _packed_case() -> Case:
    """The two layouts of a bundle; the tests compare their values."""
    what = "100,000 x 20,000, all genes"
    return Case(
        name="packed",
        title=f"{what}: the packed layout against the classic one",
        sides=(
            _ours("classic", ATLAS),
            _ours("packed", ATLAS, "--layout", "packed"),
            _ours("packed, 16 bits", ATLAS, "--layout", "packed", "--gene-bits", "16"),
        ),
        bounds=(
            Bound(f"{what}: packed faster than classic", "wall", "classic", "packed", 1.5, at_most=False),
            Bound(f"{what}: packed output against classic", "output", "packed", "classic", 0.8),
            Bound(f"{what}, 16 bits: output against classic", "output", "packed, 16 bits", "classic", None),
            Bound(f"{what}, packed, --memory 1GB: peak memory", "peak", "packed", None, GIGABYTE),
        ),
        rounds=2,
    )


def _layouts_case() -> Case:
    what = "100,000 x 20,000"
    sides = tuple(_ours(layout, replace(ATLAS, layout=layout)) for layout in ("csr", "csc", "dense"))
    return Case(
        name="layouts",
        title=f"{what}, stored as CSR, CSC and dense",
        sides=sides,
        bounds=(
            Bound(f"{what}, CSC source against CSR: wall", "wall", "csc", "csr", 1.5),
            Bound(f"{what}, dense source against CSR: wall", "wall", "dense", "csr", 1.5),
        ),
    )


def _markers_case() -> Case:
    """One column of 40 groups, as the limits say; two columns of 20; and what a bundle does by default."""
    data = replace(ATLAS, halved=True)
    one, two = ("--group-by", HALVED), ("--group-by", "cell_type", "--group-by", "leiden")
    few = ("--group-by", "cell_type")
    what = "100,000 x 20,000, all genes"
    return Case(
        name="markers",
        title=f"{what}: statistics by group",
        sides=(
            _ours("ours", data),
            _ours("means", data, *one, "--markers", "none"),
            _ours("wilcoxon", data, *one, "--markers", "wilcoxon"),
            _ours("two columns", data, *two, "--markers", "wilcoxon"),
            _ours("20 groups", data, *few, "--markers", "wilcoxon"),
            _ours("by default", data, "--group-by", "auto"),
            Side("illico", "illico", data, few),
            Side("scanpy", "scanpy", data, few),
        ),
        bounds=(
            Bound(f"{what}, means of 40 groups: wall against none", "wall", "means", "ours", 1.1),
            Bound(f"{what}, Wilcoxon of 40 groups: wall against none", "wall", "wilcoxon", "ours", 1.6),
            Bound(
                f"{what}, Wilcoxon of 20 + 20 groups: wall against none", "wall", "two columns", "ours", None
            ),
            Bound(f"{what}, by default: wall against none", "wall", "by default", "ours", None),
            Bound(f"{what}, by default: output against none", "output", "by default", "ours", 1.33),
            Bound(f"{what}, 20 groups: times faster than Scanpy", "wall", "scanpy", "20 groups", 20, False),
            Bound(f"{what}, 20 groups: peak memory against Scanpy", "peak", "20 groups", "scanpy", 0.1),
            Bound(f"{what}, 20 groups: times faster than illico", "wall", "illico", "20 groups", 1, False),
            Bound(f"{what}, --memory 1GB: peak memory", "peak", "wilcoxon", None, GIGABYTE),
        ),
        rounds=1,
        process_nbytes=12 * GIGABYTE,
    )


def _tissue_cases() -> tuple[Case, ...]:
    """A slide, transcripts, and sections whose cells are mixed in the file."""
    few, panel = DataSet(2_000, 100), DataSet(N_SECTIONS * 20_000, 200, tissue="sections")
    slide = f"a slide of {SLIDE_SIDE:,} x {SLIDE_SIDE:,} pixels"
    dots, mixed = f"{N_TRANSCRIPTS:,} transcripts", f"{N_SECTIONS} mixed sections of 20,000 cells x 200"
    return (
        *(
            Case(
                name=name,
                title=f"{what}, --memory 1GB",
                sides=(_ours("ours", replace(few, tissue=name), *options),),
                bounds=(Bound(f"{what}, --memory 1GB: peak memory", "peak", "ours", None, GIGABYTE),),
                rounds=1,
                warm_up=False,
                disk_only=True,
            )
            for name, what, options in (
                ("slide", slide, ("--image", f"{BESIDE}@1,1,0,0")),
                ("transcripts", dots, ("--transcripts", BESIDE)),
            )
        ),
        Case(
            name="sections",
            title=f"{mixed}, all genes",
            sides=(
                _ours("mixed", panel, "--section", SECTION),
                _ours("one section", panel, "--section", "none"),
            ),
            bounds=(
                Bound(f"{mixed}, --memory 1GB: peak memory", "peak", "mixed", None, GIGABYTE),
                Bound(f"{mixed}: wall against the same cells in one", "wall", "mixed", "one section", None),
            ),
            rounds=1,
            disk_only=True,
        ),
    )


def cases(largest: int) -> tuple[Case, ...]:
    """All cases, in the order in which they run; ``largest`` is the most cells that the disk holds."""
    return (
        _floor_case("floor", "100,000 x 20,000 gzip, all genes, float32", ATLAS, 2.0, rounds=5),
        _cellucid_case(),
        _export_case(),
        _store_case(),
        _both_case(),
        _graph_case(),
        _genes_case(),
        _size_case(largest),
        Case(
            name="cells",
            title="10,000,000 x 200, 10 obs columns, --memory 2GB",
            sides=(Side("ours", "ours", TEN_MILLION, ("--memory", "2GB", "--anno", "all")),),
            bounds=(
                Bound(
                    "10,000,000 x 200, 10 obs columns, --memory 2GB: peak memory",
                    "peak", "ours", None, 2 * GIGABYTE,
                ),
            ),
            rounds=1,
            warm_up=False,
            disk_only=True,
        ),
        _layouts_case(),
        _packed_case(),
        _many_case(),
        _markers_case(),
        *_tissue_cases(),
        _floor_case("counts", "100,000 x 20,000 raw counts", replace(ATLAS, counts=True), None),
        _floor_case("float64", "100,000 x 20,000 float64", replace(ATLAS, dtype="float64"), None),
        _floor_case("panel", "500,000 x 300 dense panel", PANEL, None),
        Case("start", "start-up", (Side("--help", "help", ATLAS), _ours("tiny", DataSet(200, 50)))),
    )  # fmt: skip


_QUICK = ("floor", "cellucid", "export", "store", "both", "graph", "genes", "layouts", "many")


def quick_cases() -> tuple[Case, ...]:
    """The same table on tiny data, one round: shows that everything still runs, and no more."""
    return tuple(_shrink(case) for case in cases(LARGEST[0]) if case.name in _QUICK)


def _shrink(case: Case) -> Case:
    sides = tuple(
        replace(
            side,
            data=replace(side.data, n_cells=min(4_000, side.data.n_cells // 100), n_genes=300),
            n_genes=None if side.n_genes is None else 40,
            timed_genes=3,
        )
        for side in case.sides
    )
    warm_up = any(side.program == "floor" for side in sides)
    return replace(case, sides=sides, rounds=1, warm_up=warm_up, process_nbytes=GIGABYTE)
