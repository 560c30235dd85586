"""The certificate authorities that the shipped botocore trusts."""

import ssl
from pathlib import Path
from typing import Any

import botocore.httpsession
import pytest

from toolkit.package import PackageError
from toolkit.package.trimming import ROOTS, trim_trust_store


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    copy = tmp_path / "cacert.pem"
    copy.write_bytes(Path(botocore.httpsession.__file__).with_name("cacert.pem").read_bytes())
    return copy


def names(bundle: Path) -> list[str | None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(bundle)
    subjects: list[Any] = [root["subject"] for root in context.get_ca_certs()]
    return [dict(pair for group in subject for pair in group).get("commonName") for subject in subjects]


def test_only_root_certificates_of_amazon_are_trusted(bundle: Path) -> None:
    assert len(names(bundle)) > 100
    trim_trust_store(bundle)
    assert sorted(names(bundle), key=str) == sorted(ROOTS)


def test_missing_root_certificate_fails_the_build(bundle: Path) -> None:
    bundle.write_text(bundle.read_text().replace('# Label: "Amazon Root CA 3"', '# Label: "Amazon Root CA 33"'))
    with pytest.raises(PackageError, match="has no Amazon Root CA 3: correct"):
        trim_trust_store(bundle)


def test_trimming_twice_changes_nothing(bundle: Path) -> None:
    trim_trust_store(bundle)
    once = bundle.read_bytes()
    trim_trust_store(bundle)
    assert bundle.read_bytes() == once
