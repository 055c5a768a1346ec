"""How hosts are known, and that for each of them everything that can be set is written down."""

from __future__ import annotations

import json
import re
import subprocess
from http.client import HTTPMessage

import pytest

from karospace_stream.doctor.findings import CHECKS
from karospace_stream.doctor.hosts import NAMES, TOPICS, host, recognised, setting_of


def headers(**given: str) -> HTTPMessage:
    message = HTTPMessage()
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("domain", "given", "expected"),
    [
        ("data.example.org", {"Server": "AmazonS3", "x_amz_request_id": "1"}, ("s3",)),
        ("b.s3.eu-west-1.amazonaws.com", {}, ("s3",)),
        ("minio.example.org", {"Server": "MinIO", "x_amz_request_id": "1"}, ("s3",)),
        ("data.example.org", {"Server": "AmazonS3", "X_Amz_Cf_Id": "1"}, ("cloudfront", "s3")),
        ("d1.cloudfront.net", {"Via": "1.1 abc.cloudfront.net (CloudFront)"}, ("cloudfront",)),
        ("storage.googleapis.com", {"x_goog_generation": "1", "Server": "UploadServer"}, ("gcs",)),
        ("a.z6.web.core.windows.net", {"Server": "Windows-Azure-Web/1.0"}, ("azure",)),
        ("a.example.org", {"x_ms_request_id": "1", "x_ms_version": "2009-09-19"}, ("azure",)),
        ("pub-1.r2.dev", {"Server": "cloudflare", "cf_ray": "1"}, ("r2",)),
        ("a.pages.dev", {"Server": "cloudflare", "cf_ray": "1"}, ("pages",)),
        ("a.example.org", {"Server": "cloudflare", "cf_ray": "1"}, ("r2", "pages")),
        ("a.example.org", {"Server": "cloudflare", "x_amz_request_id": "1"}, ("s3",)),
        ("someone.github.io", {"Server": "GitHub.com", "x_github_request_id": "1"}, ("github",)),
        ("a.example.org", {"Server": "cloudflare", "x_github_request_id": "1"}, ("r2", "pages", "github")),
        ("raw.githubusercontent.com", {"x_github_request_id": "1"}, ("github_raw",)),
        ("a.example.org", {"Server": "nginx/1.27.1"}, ("nginx",)),
        ("a.example.org", {"Server": "Apache/2.4.62 (Debian)"}, ("apache",)),
        ("a.example.org", {"Server": "nginx", "x_amz_request_id": "1"}, ("s3",)),
        ("a.example.org", {"Server": "something"}, ()),
        ("notr2.dev", {}, ()),
        ("a.example.org", {}, ()),
    ],
)
def test_a_host_is_known_by_its_signs(domain: str, given: dict[str, str], expected: tuple[str, ...]) -> None:
    assert recognised(domain, [headers(), headers(**given)]) == expected


@pytest.mark.parametrize("key", NAMES)
def test_everything_is_written_down_for_every_host(key: str) -> None:
    assert list(host(key).settings) == list(TOPICS)
    for topic in TOPICS:
        setting = setting_of(key, topic)
        assert setting.host == host(key).name
        assert setting.text.endswith((".", ":")), topic
        assert setting.source.startswith("https://"), topic
        assert bool(setting.code) == bool(setting.language), topic
        assert setting.code == "" or setting.code.endswith("\n"), topic


def commands() -> list[tuple[str, str]]:
    """Every command of every host, with its continued lines."""
    found = []
    for key in NAMES:
        for topic, setting in host(key).settings.items():
            if setting.language == "console":
                starts = re.split(r"^\$ ", setting.code, flags=re.MULTILINE)[1:]
                found += [(f"{key} {topic}", each) for each in starts]
    return found


def test_commands_can_be_pasted_into_a_shell() -> None:
    assert len(commands()) > 20
    for where, command in commands():
        parsed = subprocess.run(["sh", "-n"], input=command, text=True, capture_output=True)
        assert parsed.returncode == 0, (where, parsed.stderr)


def test_json_in_settings_is_json() -> None:
    texts = [each for key in NAMES for each in host(key).settings.values() if each.language == "json"]
    quoted = [
        text for _, command in commands() for text in re.findall(r"'([\[{].*?)'(?=\s|$)", command, re.S)
    ]
    assert len(quoted) >= 5
    for text in [*(each.code for each in texts), *quoted]:
        json.loads(text)


def test_checks_have_names_that_fit_in_a_column() -> None:
    assert max(map(len, CHECKS.values())) <= 14
