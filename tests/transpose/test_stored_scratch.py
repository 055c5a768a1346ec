"""Fragments and edges on object stores: what comes back, how often the store is asked, what it may fail."""

from __future__ import annotations

import itertools
import pickle
import secrets

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karospace_stream.errors import TargetError
from karospace_stream.storage import Store, location_of
from karospace_stream.transpose import stripes
from karospace_stream.transpose.edges import stored_ends
from karospace_stream.transpose.kernels import Fragment
from karospace_stream.transpose.stored_scratch import StoredScratch
from karospace_stream.transpose.stripes import StripeWriter, read_spans, read_stripes
from tests.stores.proxy import Fault, before
from tests.stores.servers import Server
from tests.transpose.test_scratch import check, fragments, keep


@pytest.fixture
def store() -> Store:
    return Store(location_of(f"memory://scratch-{secrets.token_hex(4)}"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripes, groups and pages so small that everything is cut."""
    monkeypatch.setattr(stripes, "STRIPE_NBYTES", 7)
    monkeypatch.setattr(stripes, "_GROUP_NBYTES", 20)
    monkeypatch.setattr(stripes, "_GROUP_RANGES", 3)
    monkeypatch.setattr(stored_ends, "_PAGE_FRAMES", 2)


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 3), st.data())
def test_a_striped_run(pieces: list[bytes], at_once: int, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripes, "STRIPE_NBYTES", 7)
        patch.setattr(stripes, "_GROUP_NBYTES", 11)
        store = Store(location_of(f"memory://striped-{secrets.token_hex(4)}"))
        writer = StripeWriter(store, "run", at_once)
        for piece in pieces:
            writer.write(piece)
        whole = b"".join(pieces)
        assert writer.close() == len(whole)
        sizes = [len(whole[start : start + 7]) for start in range(0, len(whole) + 1, 7)]
        assert {key: about.size for key, about in store.find().items()} == {
            f"run.{number}": size for number, size in enumerate(sizes)
        }
        assert b"".join(read_stripes(store, "run")) == whole
        offset = st.integers(0, len(whole))
        bounds = [sorted(pair) for pair in data.draw(st.lists(st.tuples(offset, offset), max_size=5))]
        spans = [("run", start, stop) for start, stop in bounds]
        assert list(read_spans(store, spans)) == [whole[start:stop] for start, stop in bounds]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("density", [0, 0.2, 1])
def test_fragments_come_back_however_they_are_cut(store: Store, density: float) -> None:
    scratch = StoredScratch(store)
    check(scratch, fragments(5, 12, density), (0, 1, 4, 5, 9, 12))
    assert len(store.find()) > 5
    scratch.remove()
    assert store.find() == {}
    scratch.remove()


def test_one_request_for_each_fragment_of_a_band_and_one_for_its_ends(moto_store: Server) -> None:
    blocks, cuts = fragments(3, 40, 0.3), tuple(range(41))
    with before(moto_store.address) as proxy:
        server = moto_store.through(proxy.address)
        scratch = StoredScratch(Store(location_of(f"{server.url}/{secrets.token_hex(4)}", server.options)))
        receipts = keep(scratch, blocks, cuts)
        assert proxy.count("PUT") == 3
        proxy.forget()
        scratch = pickle.loads(pickle.dumps(scratch))  # as in another process
        values = [
            np.concatenate([piece.values for piece in scratch.read(receipts, band, 40)]) for band in range(40)
        ]
        # 40 bands of 3 fragments, and two pages of their ends.
        assert proxy.count("GET") == 40 * 3 + 2 * 3
        assert proxy.received() <= sum(receipt.size for receipt in receipts) + 2 * 3 * 8
        scratch.remove()
    for band, value in enumerate(values):
        wanted = [block.values[block.indptr[band] : block.indptr[band + 1]] for block in blocks]
        np.testing.assert_array_equal(value, np.concatenate(wanted))


def test_a_fragment_of_many_stripes(moto_store: Server) -> None:
    n = 2_500_000
    rng = np.random.default_rng(0)
    values = rng.random(n, dtype=np.float32)
    rows = np.tile(np.arange(50_000, dtype=np.uint16), 50)
    block = Fragment(7, np.arange(0, n + 1, 50_000), rows, values)
    store = Store(location_of(f"{moto_store.url}/{secrets.token_hex(4)}", moto_store.options))
    scratch = StoredScratch(store)
    receipt = scratch.write(3, block, (0, 10, 50))
    sizes = [about.size for about in store.find().values()]
    assert sum(sizes) == receipt.size
    assert max(sizes) == stripes.STRIPE_NBYTES
    for band, (first, last) in enumerate([(0, 10), (10, 50)]):
        (piece,) = scratch.read([receipt], band, 2)
        np.testing.assert_array_equal(piece.values, values[first * 50_000 : last * 50_000])
    scratch.remove()


def test_written_again_while_it_is_read(store: Store) -> None:
    scratch, cuts = StoredScratch(store), (0, 3, 8)
    blocks = fragments(3, 8, 0.5)
    receipts = keep(scratch, blocks, cuts)
    reading = scratch.read(receipts, 0, 2)
    next(reading)
    assert keep(scratch, blocks, cuts) == receipts
    assert len(list(reading)) == 2


@pytest.mark.parametrize("what", ["written", "read"])
def test_a_store_that_does_not_let_us(moto_store: Server, what: str) -> None:
    with before(moto_store.address) as proxy:
        server = moto_store.through(proxy.address)
        scratch = StoredScratch(Store(location_of(f"{server.url}/{secrets.token_hex(4)}", server.options)))
        receipts = keep(scratch, fragments(2, 4, 1), (0, 4)) if what == "read" else []
        proxy.choose = lambda asked: Fault.FORBIDDEN
        with pytest.raises(
            TargetError, match=rf"--scratch s3://.*could not be {what}.*another folder or URL"
        ) as caught:
            list(scratch.read(receipts, 0, 1)) if receipts else keep(scratch, fragments(1, 4, 1), (0, 4))
        assert server.secret not in str(caught.value)
        scratch.remove()  # cannot, and does not say so: what failed is told already


def test_a_fragment_that_is_gone(store: Store) -> None:
    scratch = StoredScratch(store)
    receipts = keep(scratch, fragments(2, 4, 1), (0, 2, 4))
    store.delete(["block_00001.0"])
    with pytest.raises(TargetError, match=r"a fragment could not be read.*--scratch"):
        list(itertools.chain.from_iterable(scratch.read(receipts, band, 2) for band in range(2)))
