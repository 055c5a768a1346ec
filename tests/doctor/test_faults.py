"""Each thing that a host can do wrong, one at a time: it is found, under its name, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import anndata
import numpy as np
import pytest

import karospace_stream
from karospace_stream import check_host
from karospace_stream.doctor import Diagnosis, Verdict

from .host import Reply, Request, Wrong, serving
from .wrongs import (
    PAGE,
    bare_206,
    broken_500,
    closed,
    closed_genes,
    closed_when_absent,
    compressed_twice,
    cut_short,
    deflated,
    echo_without_vary,
    empty_200,
    expires,
    falsely_labelled,
    forbidden,
    forgetful,
    inflated,
    labelled,
    labelled_and_compressed,
    moved,
    never_stored,
    no_head,
    no_index,
    no_ranges,
    no_validators,
    other_bytes,
    other_head,
    other_origin,
    other_range,
    other_size,
    other_total,
    plain_json,
    pointers,
    redirect_to_page,
    silent_ranges,
    spa,
    ten_minutes,
    two_origins,
    type_of,
    unsaid,
    whole_files,
    x_labelled,
)

FAULT, WARNING, NOTE = Verdict.FAULT, Verdict.WARNING, Verdict.NOTE


def bad(diagnosis: Diagnosis) -> list[tuple[str, Verdict]]:
    return [(each.check, each.verdict) for each in diagnosis.findings if each.verdict in {FAULT, WARNING}]


def sentences(diagnosis: Diagnosis, check: str) -> str:
    return "\n".join(each.sentence for each in diagnosis.findings if each.check == check)


@pytest.mark.parametrize(
    ("wrong", "check", "verdict", "words"),
    [
        (spa, "absent", FAULT, "200 instead of 404: the host sends a page"),
        (redirect_to_page, "absent", FAULT, "after a redirect"),
        (empty_200, "absent", FAULT, "readers mistake it for the file"),
        (forbidden, "absent", WARNING, "403 instead of 404"),
        (broken_500, "absent", FAULT, "500 instead of 404"),
        (
            closed,
            "cors",
            WARNING,
            "only the page in the export may read: Access-Control-Allow-Origin is missing",
        ),
        (other_origin, "cors", WARNING, "is https://other.example"),
        (two_origins, "cors", WARNING, "sent more than once"),
        (closed_genes, "cors", WARNING, "missing for assets/"),
        (closed_when_absent, "cors", WARNING, "answers about missing files lack"),
        (echo_without_vary, "cors", WARNING, "without Vary: Origin"),
        (
            labelled,
            "encoding",
            WARNING,
            "Content-Encoding: gzip, so browsers decompress them; the viewer notices",
        ),
        (x_labelled, "encoding", WARNING, "Content-Encoding: x-gzip"),
        (
            labelled_and_compressed,
            "encoding",
            WARNING,
            "Content-Encoding: gzip, gzip, so browsers decompress",
        ),
        (inflated, "encoding", WARNING, "decompressed by the host"),
        (compressed_twice, "encoding", WARNING, "compressed twice"),
        (deflated, "encoding", WARNING, "Content-Encoding: deflate without being requested"),
        (falsely_labelled, "encoding", FAULT, "browsers refuse it"),
        (type_of(".html", BYTES := "application/octet-stream"), "types", FAULT, "do not show it as a page"),
        (type_of(".json", BYTES), "types", WARNING, "not application/json"),
        (type_of(".png", "text/plain"), "types", WARNING, "preview.png: text/plain, not image/png"),
        (type_of(".gz", "application/json"), "types", WARNING, "hosts may compress it again"),
        (type_of(".png", None), "types", WARNING, "preview.png: without a type"),
        (whole_files, "ranges", WARNING, "the whole file is sent"),
        (no_ranges, "ranges", WARNING, "answers 416 to a byte range"),
        (other_bytes, "ranges", FAULT, "the part differs from the whole"),
        (bare_206, "ranges", FAULT, "without a valid Content-Range (none)"),
        (other_range, "ranges", FAULT, "the part must be bytes 989-1977, got 0-1"),
        (other_total, "ranges", FAULT, "Content-Range says 9999999 bytes in all"),
        (no_head, "head", WARNING, "answers 405 to HEAD"),
        (other_head, "head", WARNING, "HEAD gives 7 bytes"),
        (plain_json, "compression", WARNING, "not for manifest.json, index.html and atlas.json: gzip would"),
        (unsaid, "caching", WARNING, "no Cache-Control for manifest.json"),
        (ten_minutes, "caching", WARNING, "cached for 10 min 00 s: people may see an old export"),
        (expires, "caching", WARNING, "cached for 1 h 00 min: people may see an old export"),
        (never_stored, "caching", WARNING, "no-store for assets/"),
        (no_validators, "caching", WARNING, "neither ETag nor Last-Modified"),
        (forgetful, "caching", WARNING, "200 instead of 304"),
        (cut_short, "sizes", FAULT, "the connection ended after"),
        (other_size, "sizes", FAULT, "bytes, got"),
        (pointers, "sizes", FAULT, "a Git LFS pointer"),
        (no_index, "page", WARNING, "the host answers 403); share the address of index.html in it"),
        (moved, "address", WARNING, "redirected, which costs a round trip for each file"),
    ],
)
def test_what_is_wrong_is_found_and_nothing_else(
    bundle: Path, wrong: Wrong, check: str, verdict: Verdict, words: str
) -> None:
    with serving(bundle, wrong) as host:
        diagnosis = check_host(host.url())
    assert {(check, verdict)} == set(bad(diagnosis))
    assert words in sentences(diagnosis, check)
    assert bool(diagnosis.n_faults) == (verdict is FAULT)


def test_a_right_host_has_nothing_to_be_told(bundle: Path) -> None:
    with serving(bundle) as host:
        diagnosis = check_host(host.url())
    assert {each.verdict for each in diagnosis.findings} == {Verdict.OK}
    assert (diagnosis.format, diagnosis.n_cells, diagnosis.n_genes) == ("KaroSpace", 80, 20)
    assert {request.method for request in host.asked} == {"GET", "HEAD"}
    assert len(host.asked) == diagnosis.n_requests < 25


@pytest.mark.parametrize(
    ("wrong", "check", "words"),
    [
        (
            closed,
            "cors",
            "pages may not read: Access-Control-Allow-Origin is missing for dataset_identity.json",
        ),
        (labelled, "encoding", "Cellucid readers then decompress them again and fail"),
        (inflated, "encoding", "decompressed by the host; Cellucid readers"),
        (no_head, "head", "answers 405 to HEAD"),
        (spa, "absent", "200 instead of 404 to HEAD"),
    ],
)
def test_readers_of_the_other_format_are_less_patient(
    cellucid: Path, wrong: Wrong, check: str, words: str
) -> None:
    with serving(cellucid, wrong) as host:
        diagnosis = check_host(host.url())
    assert (check, FAULT) in bad(diagnosis)
    assert words in sentences(diagnosis, check)


def test_a_right_host_of_the_other_format(cellucid: Path) -> None:
    with serving(cellucid) as host:
        diagnosis = check_host(host.url())
    assert bad(diagnosis) == []
    assert (diagnosis.format, diagnosis.n_cells, diagnosis.n_genes) == ("Cellucid", 80, 20)
    fetched = {request.path for request in host.asked}
    assert {"/obs_manifest.json", "/var_manifest.json", "/points_2d.bin.gz"} <= fetched


def test_what_is_worth_knowing_is_no_warning(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        kept = "no-cache" if "Cache-Control" in reply.headers else None
        return silent_ranges(request, reply).but(Access_Control_Expose_Headers=None, Cache_Control=kept)

    with serving(bundle, wrong) as host:
        diagnosis = check_host(host.url())
    assert bad(diagnosis) == []
    notes = {each.check for each in diagnosis.findings if each.verdict is NOTE}
    assert notes == {"cors", "ranges", "caching"}


def test_a_page_elsewhere_needs_leave(bundle: Path) -> None:
    with serving(bundle, closed) as host:
        diagnosis = check_host(host.url(), origin="https://viewer.example.org/page.html")
        by_link = check_host(f"https://viewer.example.org/?data={host.url()}")
        same = check_host(host.url(), origin=host.url("/page.html"))
    assert bad(diagnosis) == bad(by_link) == [("cors", FAULT)]
    assert "https://viewer.example.org may not read" in sentences(diagnosis, "cors")
    assert {request.headers.get("origin") for request in host.asked} >= {"https://viewer.example.org"}
    assert not any(request.path == "/index.html" for request in host.asked[: diagnosis.n_requests])
    assert bad(same) == [("cors", WARNING)]


def test_only_that_page_may_be_let_in(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        allowed = request.headers.get("origin") == "https://viewer.example.org"
        return reply.but(
            Access_Control_Allow_Origin="https://viewer.example.org" if allowed else None, Vary="Origin"
        )

    with serving(bundle, wrong) as host:
        assert bad(check_host(host.url(), origin="https://viewer.example.org")) == []
        assert bad(check_host(host.url(), origin="https://other.example")) == [("cors", FAULT)]


def test_listeners_on_the_way(bundle: Path) -> None:
    # 0.0.0.0 leads to this machine too, but browsers do not count it as such.
    with serving(bundle) as host:
        inside = check_host(host.url(name="0.0.0.0"))
        elsewhere = check_host(host.url(name="0.0.0.0"), origin="https://viewer.example.org")
        plain = check_host(host.url(name="0.0.0.0"), origin="http://viewer.example.org")
    assert bad(inside) == bad(plain) == [("address", WARNING)]
    assert bad(elsewhere) == [("address", FAULT)]


def test_a_redirect_may_lead_where_browsers_do_not_follow(bundle: Path) -> None:
    with serving(bundle) as other:

        def wrong(request: Request, reply: Reply) -> Reply:
            return Reply(302, reply.headers | {"Location": other.url(request.path, "0.0.0.0")})

        with serving(bundle, wrong) as host:
            diagnosis = check_host(host.url())
    assert ("address", FAULT) in bad(diagnosis)
    assert "redirected to http" in sentences(diagnosis, "address")


def test_a_page_without_its_slash(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        return (
            Reply(200, reply.headers | {"Content-Type": "text/html"}, PAGE) if reply.status == 301 else reply
        )

    with serving(bundle.parent, wrong) as host:
        diagnosis = check_host(host.url(f"/{bundle.name}"))
    assert bad(diagnosis) == [("page", WARNING)]
    assert "without a trailing slash" in sentences(diagnosis, "page")


def test_pages_that_lose_their_name_are_no_redirects(bundle: Path) -> None:
    def wrong(request: Request, reply: Reply) -> Reply:
        if request.path.endswith("/index.html"):
            return Reply(308, reply.headers | {"Location": request.path.removesuffix("index.html")})
        return reply

    with serving(bundle, wrong) as host:
        assert bad(check_host(host.url())) == []


def test_plain_files_are_looked_at_too(tmp_path: Path, bundle: Path) -> None:
    import karospace_stream

    from .conftest import SOURCE

    folder = tmp_path / "plain"
    karospace_stream.export(SOURCE, folder, format="cellucid", gzip=False, scheduler="sync")

    def wrong(request: Request, reply: Reply) -> Reply:
        hit = request.path.startswith("/var/") and reply.status == 200
        return Reply(200, reply.headers, reply.body[:-4]) if hit else reply

    with serving(folder, wrong) as host:
        diagnosis = check_host(host.url())
    assert "320" in sentences(diagnosis, "sizes")
    assert ("sizes", FAULT) in bad(diagnosis)
    assert "the export has none" in sentences(diagnosis, "encoding")


def test_what_a_host_without_ranges_means_for_packed_genes(tmp_path: Path) -> None:
    """The page loads whole shards, whose size is said."""
    data = anndata.AnnData(np.ones((40, 5), np.float32), obsm={"X_umap": np.zeros((40, 2))})
    karospace_stream.export(data, tmp_path / "packed", layout="packed", scheduler="sync")
    with serving(tmp_path / "packed") as host:
        assert "ranges" not in dict(bad(check_host(host.url())))
    with serving(tmp_path / "packed", whole_files) as host:
        diagnosis = check_host(host.url())
    assert ("ranges", WARNING) in bad(diagnosis)
    assert "the page then loads a file of up to " in sentences(diagnosis, "ranges")
