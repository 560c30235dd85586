"""`sbom`: the software bill of materials of a package, as CycloneDX, from the record beside it."""

import json
import re
from pathlib import Path
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

from toolkit.arguments import AsJson, stack_argument
from toolkit.package.licences import NOT_STATED
from toolkit.package.manifest import read_if_valid
from toolkit.refusals import refusals
from toolkit.stacks import load_project
from toolkit.stacks.errors import FileError
from toolkit.stacks.files import output_file, write_file
from toolkit.stacks.terminal import echo

VERSION = "1.6"


def bill_of_materials(record: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the bill of materials of a package; the same package has the same bill and serial number."""
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
    """A distribution from the Python package index; its hash is that of the wheel that was installed."""
    purl = f"pkg:pypi/{canonicalize_name(package['name'])}@{package['version']}"
    return {
        "type": "library",
        "name": package["name"],
        "version": package["version"],
        "hashes": [{"alg": "SHA-256", "content": package["sha256"]}],
        "purl": purl,
        "bom-ref": purl,
        **_licences(package["licence"]),
    }


def _licences(licence: str) -> dict[str, Any]:
    """An SPDX identifier, an SPDX expression, or else the name that the distribution gives."""
    if licence == NOT_STATED:
        return {}
    try:
        expression = canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        return {"licenses": [{"license": {"name": licence}}]}
    if re.fullmatch(r"(?!LicenseRef-)[\w.+-]+", expression):
        return {"licenses": [{"license": {"id": expression}}]}
    return {"licenses": [{"expression": expression}]}


def sbom(stack: Annotated[str, stack_argument("The stack of the package.")], as_json: AsJson = False) -> None:
    """Write build/STACK/sbom.json: the contents of the package of a stack as CycloneDX."""
    root, folder = Path.cwd(), Path("build", stack)
    with refusals():
        record = read_if_valid(root / folder / "package.json", root)
        try:
            bill = bill_of_materials(record or {}, load_project(root).name)
        except (KeyError, TypeError):  # no record, or one of another edition
            raise FileError(f"{folder} has no whole package; build it first: ./stack package {stack}") from None
        text = json.dumps(bill, indent=2) + "\n"
        write_file(output_file(root, stack, "sbom.json"), text)
    echo(text.rstrip() if as_json else f"{folder}/sbom.json: {len(bill['components']) - 1} packages")
