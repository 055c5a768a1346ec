"""Hosts of static files: how to recognise each, and where to change its settings. One data file per host."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPMessage
from importlib import resources

#: In display order: hosts that stand in front of others come first.
NAMES = ("cloudfront", "s3", "gcs", "azure", "r2", "pages", "github", "github_raw", "nginx", "apache")
#: Topics that can be set, and their names on screen.
TOPICS = {
    "public": "Let everyone read",
    "https": "https",
    "absent": "404 for missing files",
    "page": "Show the page at the folder's address",
    "cors": "Let pages of other origins read",
    "types": "Content types",
    "encoding": "No Content-Encoding on .gz files",
    "ranges": "Byte ranges and HEAD",
    "compression": "Compress JSON and HTML on the way",
    "caching": "Cache headers",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Advice for one topic at one host.

    Attributes
    ----------
    host
        Its name, for people.
    text
        A sentence or two.
    code
        Commands or configuration lines; empty if there are none.
    language
        Of the code.
    source
        URL of the host's own documentation.
    """

    host: str
    text: str
    code: str = ""
    language: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign by which a host is recognised; empty fields match anything.

    Attributes
    ----------
    header, contains
        A header that it sends, and a part of its value, in lower case.
    domain
        The end of its name.
    weak
        Others send it too, so it counts only if nothing better is found.
    """

    header: str = ""
    contains: str = ""
    domain: str = ""
    weak: bool = False

    def matches(self, domain: str, headers: HTTPMessage) -> bool:
        """Whether a response shows this sign."""
        if self.domain:
            return domain == self.domain.removeprefix(".") or domain.endswith(self.domain)
        return any(self.contains in str(value).lower() for value in headers.get_all(self.header, []))


@dataclass(frozen=True, slots=True)
class Host:
    """A kind of host."""

    name: str
    signs: tuple[Sign, ...]
    settings: Mapping[str, Setting]


@cache
def host(key: str) -> Host:
    """Read one host's file."""
    data = tomllib.loads((resources.files(__name__) / f"{key}.toml").read_text("utf-8"))
    name = data["name"]
    settings = {topic: Setting(name, **entry) for topic, entry in data["settings"].items()}
    return Host(name, tuple(Sign(**sign) for sign in data["signs"]), settings)


def setting_of(key: str, topic: str) -> Setting:
    """Get the advice for a topic at a host."""
    return host(key).settings[topic]


def recognised(domain: str, headers: list[HTTPMessage]) -> tuple[str, ...]:
    """The hosts that responded, as far as recognisable; several if one stands in front of another."""
    strong, weak = [], []
    for key in NAMES:
        seen = [sign for sign in host(key).signs if any(sign.matches(domain, each) for each in headers)]
        if any(not sign.weak for sign in seen):
            strong.append(key)
        elif seen:
            weak.append(key)
    return tuple(strong or weak)
