"""Ways in which a .h5ad can be damaged: functions of its path and of a generator of numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata as ad
import h5py
import numpy as np

from tests.damage.hdf5_bytes import BYTE_KINDS, Kind, Rng
from tests.damage.sample import N_CELLS, sample, write_quietly

TEXT = h5py.string_dtype()
FRAMES = ("obs", "var")


def build(path: Path, rng: Rng) -> None:
    """A small file: as anndata writes it now, in the newer layout of HDF5, or as anndata 0.6 did."""
    adata, style = sample(rng), int(rng.integers(4))
    adata.obsp["connectivities"].setdiag(0)  # which a store of ours does not take
    with h5py.File(path, "w", libver="latest" if style == 1 else None) as root:
        options = {"compression": "gzip"} if style else {}
        write_quietly(ad.io.write_elem, root, "/", adata, dataset_kwargs=options)
        if style == 3:
            _as_of_old(root, adata)


def read(path: Path) -> ad.AnnData:
    """As anndata reads it."""
    return ad.read_h5ad(path)


def _as_of_old(root: h5py.File, adata: ad.AnnData) -> None:
    """Frames as one compound dataset with names of any length, and categories in uns."""
    obs = np.zeros(adata.n_obs, [("index", TEXT), ("kind", "i1"), ("score", "f8"), ("sample", TEXT)])
    obs["index"], obs["kind"] = adata.obs_names.to_numpy(object), adata.obs["kind"].cat.codes
    obs["score"], obs["sample"] = adata.obs["score"], adata.obs["sample"].to_numpy(object)
    var = np.zeros(adata.n_vars, [("index", TEXT), ("mean", "f8")])
    var["index"], var["mean"] = adata.var_names.to_numpy(object), adata.var["mean"]
    umap = np.zeros(adata.n_obs, [("X_umap", "f4", (2,))])
    umap["X_umap"] = adata.obsm["X_umap"]
    for key, values in (("obs", obs), ("var", var), ("obsm", umap)):
        del root[key]
        root.create_dataset(key, data=values, chunks=(8,), compression="gzip")
    root["uns/kind_categories"] = adata.obs["kind"].cat.categories.to_numpy(object).astype("S")


def _pick(items: list[Any], rng: Rng) -> Any:
    return items[int(rng.integers(len(items)))]


def _paths(root: h5py.File, kind: type | tuple[type, ...] = object) -> list[str]:
    found: list[str] = []
    root.visititems(lambda name, node: found.append(name) if isinstance(node, kind) else None)
    return sorted(found)


def _opened(change: Callable[[h5py.File, Rng], None]) -> Kind:
    def damage(path: Path, rng: Rng) -> None:
        with h5py.File(path, "r+") as root:
            change(root, rng)

    return damage


def _replace(root: h5py.File, path: str, values: Any, **options: Any) -> None:
    """Another dataset with the same attributes."""
    attributes = dict(root[path].attrs)
    del root[path]
    root.create_dataset(path, data=values, **options).attrs.update(attributes)


ODD: list[Any] = [
    0, -1, 7, 2**31, 2**63, 1.5, float("nan"), float("inf"), True, "", "text", "../..", "é" * 300,
    b"csr_matrix",
    b"dataframe", b"\xff\xfe", b"", np.array([b"a", b"\xff"]), np.array(["x", "y"], TEXT), np.zeros(0),
    np.zeros((2, 2)), np.array([10**12, 10**12]), np.array([-1, 3]), np.array([1.5, np.nan]),
    h5py.Empty("f8"), h5py.Empty("S4"), np.array([np.inf, 4]),
    np.array([(1, 2.0)], [("a", "i4"), ("b", "f4")]),
]  # fmt: skip
TYPES: list[Any] = [
    "f2", ">f4", "f8", "g", "c8", "?", "i1", "u1", ">i8", "u8", "S3", "S0", "V5", TEXT, "O-vlen", "O-ref",
    [("a", "f4"), ("b", "i2")], "enum", "f4-pair",
]  # fmt: skip
SHAPES: list[Any] = [
    (),
    (0,),
    (1,),
    (3,),
    (N_CELLS + 1,),
    (N_CELLS, 1),
    (N_CELLS, 2),
    (0, 2),
    (2, 3, 4),
    (5, 0),
]


def _array(shape: tuple[int, ...], name: Any, rng: Rng) -> tuple[Any, Any]:
    """Values and type of a dataset."""
    numbers = rng.integers(0, 5, shape)
    if name == "O-vlen":
        return np.full(shape, None, object), h5py.vlen_dtype("i4")
    if name == "O-ref":
        return np.full(shape, None, object), h5py.ref_dtype
    if name == "enum":
        return numbers.astype("i1"), h5py.enum_dtype({f"e{each}": each for each in range(5)}, "i1")
    if name == "f4-pair":
        return np.zeros(shape, "V8"), np.dtype(("f4", (2,)))
    if name is TEXT:
        return np.full(shape, "name", object), TEXT
    if name in ("S0", "V5") or isinstance(name, list):
        return np.zeros(shape, "S1" if name == "S0" else name), None
    return numbers.astype(name), None


def _new_values(root: h5py.File, rng: Rng, *, shape: bool, dtype: bool) -> None:
    path = _pick(_paths(root, h5py.Dataset), rng)
    old = root[path]
    new_shape = _pick(SHAPES, rng) if shape else old.shape
    if not dtype:
        values = np.resize(old[()], new_shape) if old.size else np.zeros(new_shape, old.dtype)
        _replace(root, path, values, dtype=old.dtype)
        return
    values, stored = _array(new_shape, _pick(TYPES, rng), rng)
    attributes = dict(old.attrs)
    del root[path]
    made = root.create_dataset(path, new_shape, stored or values.dtype)
    if not isinstance(stored, np.dtype) or stored.kind != "O":
        made[...] = values
    made.attrs.update(attributes)


def _attribute(root: h5py.File, rng: Rng) -> None:
    owners = [path for path in ["/", *_paths(root)] if len(root[path].attrs)]
    attributes = root[_pick(owners, rng)].attrs
    name = _pick(sorted(attributes), rng)
    value = _pick(ODD, rng)
    del attributes[name]
    if rng.random() < 0.8:
        attributes[name] = value


def _fixed_attributes(root: h5py.File, rng: Rng) -> None:
    """As HDF5.jl and hdf5r write them; this is no damage."""
    for path in ["/", *_paths(root)]:
        for name, value in dict(root[path].attrs).items():
            if isinstance(value, str):
                root[path].attrs[name] = np.bytes_(value)


def _gone(root: h5py.File, rng: Rng) -> None:
    del root[_pick(_paths(root), rng)]


def _moved(root: h5py.File, rng: Rng) -> None:
    path, name = _pick(_paths(root), rng), _pick(["moved", "é", "x y", "a\tb", "b" * 300, "obs2"], rng)
    root.move(path, f"{path.rpartition('/')[0]}/{name}")


def _swapped(root: h5py.File, rng: Rng) -> None:
    first, second = (_pick(_paths(root), rng) for _ in range(2))
    root.move(first, "aside")
    root.move(second, first)
    root.move("aside", second)


def _other_node(root: h5py.File, rng: Rng) -> None:
    path = _pick(_paths(root), rng)
    attributes = dict(root[path].attrs)
    del root[path]
    how = int(rng.integers(5))
    if how == 0:
        made = root.create_group(path)
    elif how == 1:
        made = root.create_dataset(path, data=_pick([1, "text", b"bytes", 0.5, np.zeros((3, 2))], rng))
    elif how == 2:
        made = root.create_dataset(path, data=h5py.Empty("f4"))
    elif how == 3:
        root[path] = np.dtype("f4")  # a type that has a name
        made = root[path]
    else:
        made = root.create_group(path)
        made["data"] = np.zeros(3)
    if rng.random() < 0.5:
        made.attrs.update(attributes)


def _link(root: h5py.File, rng: Rng) -> None:
    path = _pick(_paths(root), rng)
    links = [
        h5py.SoftLink("/nowhere"), h5py.SoftLink(f"/{path}"), h5py.SoftLink("/"), h5py.SoftLink("/obs"),
        h5py.ExternalLink("nothing.h5", "/"), h5py.ExternalLink("input.h5ad", "/"),
        h5py.ExternalLink("/dev/null", "/"), root["/"], root["var"],
    ]  # fmt: skip
    target = _pick(links, rng)
    del root[path]
    root[path] = target


def _virtual(root: h5py.File, rng: Rng) -> None:
    """Values that are in another file, which is not there; or in a raw file beside."""
    path = _pick(_paths(root, h5py.Dataset), rng)
    old = root[path]
    shape, dtype = old.shape, "f4" if old.dtype.kind not in "biuf" else old.dtype
    attributes = dict(old.attrs)
    del root[path]
    if rng.random() < 0.5:
        layout = h5py.VirtualLayout(shape, dtype)
        layout[...] = h5py.VirtualSource("nothing.h5", "data", shape)
        made = root.create_virtual_dataset(path, layout)
    else:
        made = root.create_dataset(path, shape, dtype, external=[("nothing.raw", 0, h5py.h5f.UNLIMITED)])
    made.attrs.update(attributes)


def _names(root: h5py.File, rng: Rng) -> None:
    """Names that are no UTF-8, hold NUL or control characters, or are very many."""
    path = _pick(_paths(root, h5py.Group), rng)
    for name in (b"\xff\xfe", b"new\nline", b"\x1b[31m", b"a%2Fb", b"..."):
        made = h5py.h5g.create(root[path].id, name) if rng.random() < 0.5 else None
        if made is None:
            space = h5py.h5s.create_simple((N_CELLS,))
            h5py.h5d.create(root[path].id, name, h5py.h5t.NATIVE_FLOAT, space)


def _put(path: str, *values: Any) -> Kind:
    def change(root: h5py.File, rng: Rng) -> None:
        held = root[path][()]
        held.reshape(-1)[int(rng.integers(held.size))] = _pick(list(values), rng)
        _replace(root, path, held, dtype=root[path].dtype)

    return _opened(change)


def _categories(root: h5py.File, rng: Rng) -> None:
    """Repeated, of another type, of another length, no UTF-8, or missing."""
    path = "obs/kind/categories" if "obs/kind/categories" in root else "uns/kind_categories"
    lists = [
        np.array([b"a", b"a", b"c"]), np.array([b"a", b"b", b"\xff"]), np.array([1, 1, 2]),
        np.array([1, 2, 3]),
        np.array([0.5, np.nan, 1]), np.array([[b"a", b"b", b"c"]]), np.array([b"a"]), np.array([], "S1"),
        np.array([True, False, True]), np.zeros(3, "c8"), np.bytes_(b"only"),
        np.array([b"a", b"b", b"c", b"d"]), np.array([b"", b"b", b"c"]), np.array([(1, 2)] * 3, "i4,i4"),
    ]  # fmt: skip
    _replace(root, path, _pick(lists, rng))


def _codes(root: h5py.File, rng: Rng) -> None:
    if "obs/kind/codes" not in root:
        raise ValueError("the old layout has none")
    codes = root["obs/kind/codes"][()]
    others = [
        codes.astype("f4"), codes.astype("?"), codes.astype("u8"), codes.astype("i8") + 2**32, codes[:, None],
        np.stack([codes, codes], 1), codes[:-1], codes.astype("S1"), codes[:0],
        codes.astype("i4") + np.iinfo("i4").min,
    ]  # fmt: skip
    _replace(root, "obs/kind/codes", _pick(others, rng))


def _matrix(root: h5py.File, rng: Rng) -> None:
    """One of the three arrays of a sparse matrix in another type, order or length."""
    path = f"{_pick(['X', 'obsp/connectivities'], rng)}/{_pick(['data', 'indices', 'indptr'], rng)}"
    held = root[path][()]
    others = [
        held.astype("f8"), held.astype("i8"), held[::-1], held[:-1], held[:, None], np.append(held, held[-1]),
        held.astype("S4"), held.astype("u8"), held.astype("?"), held.astype("c8"), held[:0], np.sort(held),
    ]  # fmt: skip
    _replace(root, path, _pick(others, rng))


KINDS: list[tuple[str, Kind]] = [
    ("type", _opened(lambda root, rng: _new_values(root, rng, shape=False, dtype=True))),
    ("shape", _opened(lambda root, rng: _new_values(root, rng, shape=True, dtype=False))),
    ("type and shape", _opened(lambda root, rng: _new_values(root, rng, shape=True, dtype=True))),
    ("attribute", _opened(_attribute)),
    ("attributes of fixed length", _opened(_fixed_attributes)),
    ("no node", _opened(_gone)),
    ("moved node", _opened(_moved)),
    ("swapped nodes", _opened(_swapped)),
    ("another node", _opened(_other_node)),
    ("link", _opened(_link)),
    ("values elsewhere", _opened(_virtual)),
    ("odd names", _opened(_names)),
    ("categories", _opened(_categories)),
    ("codes", _opened(_codes)),
    ("matrix", _opened(_matrix)),
    ("indptr", _put("X/indptr", -1, 0, 5, 10**6, 2**31 - 1, -(2**31))),
    ("indices", _put("X/indices", -1, 0, 12, 10**6, 2**31 - 1, -(2**31))),
    ("data", _put("X/data", np.nan, np.inf, -np.inf, -1, 1e38)),
    ("coordinates", _put("obsm/X_umap", np.nan, np.inf, 1e38)),
    ("graph", _put("obsp/connectivities/indices", -1, 0, 40, 10**6)),
    *BYTE_KINDS,
]
