"""What is taken for an address, and what is refused in a sentence."""

from __future__ import annotations

import pytest

from karospace_stream import check_host
from karospace_stream.doctor.address import is_local, is_secure, read_address, read_origin
from karospace_stream.errors import BadInputError, BadOptionError

HEADS = ("manifest.json", "dataset_identity.json", "datasets.json")
RAW = "https://raw.githubusercontent.com"


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("https://h.example", "https://h.example/"),
        ("https://H.Example:8443/a/b", "https://h.example:8443/a/b/"),
        ("https://h.example/a/", "https://h.example/a/"),
        ("https://h.example/a/index.html", "https://h.example/a/"),
        ("https://h.example/a/manifest.json?x=1#y", "https://h.example/a/"),
        ("https://h.example/a/dataset_identity.json", "https://h.example/a/"),
        ("https://h.example/a/other.json", "https://h.example/a/other.json/"),
        ("https://h.example/a%20b/ü", "https://h.example/a%20b/%C3%BC/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a/"),
        ("https://github.com/o/r", f"{RAW}/o/r/HEAD/"),
        ("https://github.com/o/r.git", f"{RAW}/o/r/HEAD/"),
        ("https://github.com/o/r/tree/main/x/y", f"{RAW}/o/r/main/x/y/"),
        ("https://github.com/o/r/blob/main/x/manifest.json", f"{RAW}/o/r/main/x/"),
        ("https://github.com/o", "https://github.com/o/"),
    ],
)
def test_the_folder_is_found(text: str, folder: str) -> None:
    address, origin = read_address(text, HEADS)
    assert (address.folder, origin) == (folder, None)
    assert address.of("a b/c") == f"{folder}a%20b/c"


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("https://page.example/x/?data=https://h.example/a/", "https://h.example/a/"),
        ("https://page.example/x/?data=https%3A%2F%2Fh.example%2Fa%2F&dataset=1", "https://h.example/a/"),
        ("https://page.example/x/?data=../a/", "https://page.example/a/"),
    ],
)
def test_a_page_that_names_its_data(text: str, folder: str) -> None:
    address, origin = read_address(text, HEADS)
    assert (address.folder, origin) == (folder, "https://page.example")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("bundle/", "karospace-stream serve"),
        ("/abs/bundle", "karospace-stream serve"),
        ("C:\\bundle", "must look like https://host/sample/"),
        ("", "must look like https://host/sample/"),
        ("ftp://h.example/a", "must look like https://host/sample/"),
        ("file:///a", "must look like https://host/sample/"),
        ("javascript:alert(1)", "must look like https://host/sample/"),
        ("https://", "must look like https://host/sample/"),
        ("https://h.example:99999/", "must look like https://host/sample/"),
        ("https://[::1/", "must look like https://host/sample/"),
        ("https://a..b/", "must look like https://host/sample/"),
        ("https://h.example/a b", "must not contain blanks"),
        ("https://h.example/\x1b[31m", "must not contain blanks"),
        ("https://h.example/\r\nX: y", "must not contain blanks"),
        ("s3://bucket/sample", "https://bucket.s3.amazonaws.com/sample"),
        ("gs://bucket/sample", "https://storage.googleapis.com/bucket/sample"),
        ("https://user:hunter2@h.example/", "a user name or password"),
        ("user:hunter2@h.example/?token=hunter2", "must look like https://host/sample/"),
        ("https://page.example/?data=s3://bucket/sample", "https://bucket.s3.amazonaws.com/sample"),
    ],
)
def test_what_is_no_address_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadOptionError) as caught:
        check_host(text)
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_other_options_are_looked_at() -> None:
    assert read_origin("https://V.example:1/x?y") == "https://v.example:1"
    with pytest.raises(BadOptionError, match=r"did you mean https://v.example"):
        check_host("https://h.example/", origin="v.example")
    for timeout in (0, -1, float("nan"), 601):
        with pytest.raises(BadOptionError, match="time-out"):
            check_host("https://h.example/", timeout=timeout)


def test_nobody_answers() -> None:
    with pytest.raises(BadInputError, match=r"^http://127\.0\.0\.1:9/ cannot be reached: "):
        check_host("http://127.0.0.1:9/", timeout=5)
    with pytest.raises(BadInputError, match="no host has that name"):
        check_host("http://nowhere.invalid/", timeout=5)


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("192.168.0.1", False),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
    ],
)
def test_this_machine(host: str, local: bool) -> None:
    assert is_local(host) is local
    assert is_secure(f"http://[{host}]/" if ":" in host else f"http://{host}/") is local
