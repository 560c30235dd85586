"""Remove from botocore's trust store every certificate authority that AWS endpoints do not use."""

from pathlib import Path

from toolkit.package.errors import PackageError
from toolkit.package.wheels import rewrite

# The requirement of Amazon Trust Services on clients with their own trust store: https://www.amazontrust.com/repository
ROOTS = frozenset(
    {
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    }
)
_LABEL, _END = "# Label: ", "-----END CERTIFICATE-----"


def trim_trust_store(bundle: Path) -> None:
    """Keep Amazon's five roots of some 130: reading the rest costs a tenth of a cold start. Raises PackageError."""
    kept: dict[str, str] = {}
    for block in bundle.read_text().split(f"{_END}\n")[:-1]:
        label = (
            next((line for line in block.splitlines() if line.startswith(_LABEL)), "").removeprefix(_LABEL).strip('"')
        )
        if label in ROOTS:
            kept[label] = f"{block.strip()}\n{_END}\n"
    if missing := ROOTS - kept.keys():
        raise PackageError(f"botocore's cacert.pem has no {', '.join(sorted(missing))}: correct {__name__}.")
    rewrite(bundle, "\n".join(kept[label] for label in sorted(kept)))
