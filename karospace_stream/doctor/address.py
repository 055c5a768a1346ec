"""The address to examine: a folder, as a browser would request it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, urljoin, urlsplit, urlunsplit

from karospace_stream.doctor.text import shown
from karospace_stream.errors import BadOptionError

_SAFE = "/%:@!$&'()*+,;=~-._?#[]"
# A name with a dot or this machine, perhaps a port, and a path.
_HOST = re.compile(r"(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(/.*)?", re.IGNORECASE)
_HERE = ("localhost", "127.0.0.1")
_RAW_GITHUB = "https://raw.githubusercontent.com"
_STORES = {
    "s3": "https://{netloc}.s3.amazonaws.com{path}",
    "gs": "https://storage.googleapis.com/{netloc}{path}",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A folder on a host.

    Attributes
    ----------
    folder
        With a trailing ``/``, without query.
    """

    folder: str

    def of(self, key: str) -> str:
        """URL of a file in the folder."""
        return self.folder + quote(key, safe="/")

    @property
    def host(self) -> str:
        """Host name or IP address, in lower case."""
        return (urlsplit(self.folder).hostname or "").lower()

    @property
    def is_secure(self) -> bool:
        """Whether a page over https may read from here."""
        return is_secure(self.folder)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return _origin(urlsplit(self.folder))

    @property
    def path(self) -> str:
        """Path of the folder, as in a URL."""
        return urlsplit(self.folder).path


def is_secure(url: str) -> bool:
    """Whether browsers treat a URL as secure: https, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_local((parts.hostname or "").lower())


def is_local(host: str) -> bool:
    """Whether every browser takes a host name or IP address as this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def quoted(url: str) -> str:
    """The URL with invalid characters as ``%XX``, as browsers send it."""
    return quote(url, safe=_SAFE)


def read_address(text: str, heads: tuple[str, ...]) -> tuple[Address, str | None]:
    """Read a URL from the user: a folder, one of its heads, its page, or a page with ``?data=``.

    Returns
    -------
    The folder, and the page's origin if a page with ``?data=`` was given.

    Raises
    ------
    BadOptionError
        If a browser could not fetch from there.
    """
    parts = _split(text)
    data = parse_qs(parts.query).get("data", [""])[0]
    if data:
        address, _ = read_address(urljoin(urlunsplit(parts), data), heads)
        return address, _origin(parts)
    folder, _, last = parts.path.rpartition("/")
    if last and (last in heads or last.endswith(".html")):
        parts = parts._replace(path=folder)
    found = _raw_of_github(parts) or urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return Address(quoted(found).rstrip("/") + "/"), None


def read_origin(text: str) -> str:
    """The origin of a page, from its URL.

    Raises
    ------
    BadOptionError
        If it is not a valid URL.
    """
    return _origin(_split(text))


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _split(text: str) -> SplitResult:
    """Split a URL. Messages never repeat user info or a query, which may hold a password."""
    if any(each.isspace() or not each.isprintable() for each in text):
        raise BadOptionError(f"the address must not contain blanks, got {shown(text.split('?')[0])}")
    try:
        parts = urlsplit(text)
        _ = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError as error:  # UnicodeError is a ValueError
        raise BadOptionError(f"the address must look like https://host/sample/: {error}") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise BadOptionError(_no_web_address(text, parts))
    if "@" in parts.netloc:
        raise BadOptionError(
            "the address must not contain a user name or password, because browsers refuse to fetch from "
            "it; the export must be readable without"
        )
    bracketed = f"[{host}]" if ":" in host else host
    netloc = bracketed if parts.port is None else f"{bracketed}:{parts.port}"
    return parts._replace(netloc=netloc)


def _no_web_address(text: str, parts: SplitResult) -> str:
    if parts.scheme in _STORES:
        example = _STORES[parts.scheme].format(netloc=shown(parts.netloc), path=shown(parts.path))
        return (
            f"doctor asks as a browser does, and browsers cannot read {parts.scheme}://; give the address "
            f"at which the bucket is served, such as {example}"
        )
    given = shown(text.split("?")[0].rpartition("@")[2])
    if _HOST.fullmatch(text) and not Path(text).exists():
        scheme = "http" if text.startswith(_HERE) else "https"
        return (
            f"the address must begin with http:// or https://, got {given}; did you mean {scheme}://{given}?"
        )
    return (
        f"the address must look like https://host/sample/, got {given}; to check a local folder, start "
        "karospace-stream serve and give the address that it prints"
    )


def _raw_of_github(parts: SplitResult) -> str | None:
    """Convert a GitHub folder page to its raw host, which serves the files. The viewer does the same."""
    if parts.netloc not in {"github.com", "www.github.com"}:
        return None
    owner, repository, kind, branch, *path = [*filter(None, parts.path.split("/")), "", "", "", ""]
    if not repository:
        return None
    name = repository.removesuffix(".git")
    if not kind:
        return f"{_RAW_GITHUB}/{owner}/{name}/HEAD"
    if kind not in {"tree", "blob", "raw"} or not branch:
        return None
    return "/".join([_RAW_GITHUB, owner, name, branch, *filter(None, path)])
