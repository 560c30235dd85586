"""The software bill of materials of a package, as CycloneDX, from the record beside it."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

VERSION = "1.6"


def bill_of_materials(record: dict[str, Any], name: str) -> dict[str, Any]:
    """What the package of this record is made of; the same package has the same bill, its serial number included."""
    digest = record["sha256"]
    interpreter = {"type": "platform", "name": record["runtime"], "bom-ref": "runtime"}
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": name,
                "version": digest[:12],
                "bom-ref": name,
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": [interpreter, *(_component(package) for package in record["packages"])],
    }


def _component(package: dict[str, Any]) -> dict[str, Any]:
    """A distribution from the Python package index."""
    purl = f"pkg:pypi/{package['name'].lower().replace('_', '-')}@{package['version']}"
    licence = package["licence"]
    return {
        "type": "library",
        "name": package["name"],
        "version": package["version"],
        "purl": purl,
        "bom-ref": purl,
        **({"licenses": [{"license": {"name": licence}}]} if licence else {}),
    }
