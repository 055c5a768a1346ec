"""Ways to a host: TLS with certificates that are trusted or not, and proxies."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from karospace_stream import check_host
from karospace_stream.doctor import Verdict, ask
from karospace_stream.errors import BadInputError

from .host import Reply, Request, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody else has signed, with its key."""
    pytest.importorskip("cryptography", reason="cryptography, which makes certificates, is not installed")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    encoding = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(encoding)
        + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    ask.trusted.cache_clear()
    yield
    ask.trusted.cache_clear()


def test_a_certificate_that_is_trusted(bundle: Path, tls: ssl.SSLContext, trusted: None) -> None:
    with serving(bundle, tls=tls) as host:
        diagnosis = check_host(host.url())
    assert {each.verdict for each in diagnosis.findings} == {Verdict.OK}
    assert diagnosis.findings[0].sentence == "https, no redirects"


def test_a_certificate_that_is_not(bundle: Path, tls: ssl.SSLContext) -> None:
    with serving(bundle, tls=tls) as host, pytest.raises(BadInputError, match="certificate is not trusted"):
        check_host(host.url())


def test_no_tls_where_it_was_expected(bundle: Path) -> None:
    with serving(bundle) as host, pytest.raises(BadInputError, match="a secure connection could not be made"):
        check_host(host.url().replace("http:", "https:"))


def test_from_https_to_http(bundle: Path, tls: ssl.SSLContext, trusted: None) -> None:
    with serving(bundle) as plain:

        def down(request: Request, reply: Reply) -> Reply:
            return Reply(301, reply.headers | {"Location": plain.url(request.path, "0.0.0.0")})

        with serving(bundle, down, tls=tls) as host:
            diagnosis = check_host(host.url())
    (found,) = [each for each in diagnosis.findings if each.check == "address"]
    assert found.verdict is Verdict.FAULT
    assert "redirected to http" in found.sentence


def test_the_way_is_by_the_proxy_but_not_to_this_machine(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(bundle) as host:
        monkeypatch.setenv("http_proxy", host.url())
        monkeypatch.setenv("no_proxy", "")
        diagnosis = check_host("http://nowhere.invalid/")
        assert (diagnosis.format, diagnosis.n_requests) == ("KaroSpace", len(host.asked))
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        assert check_host(host.url()).n_faults == 0
