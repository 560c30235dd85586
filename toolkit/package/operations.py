"""The AWS operations that the code of the service calls: the package keeps the descriptions of these only."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from botocore import xform_name
from botocore.loaders import Loader

from toolkit.package import PackageError

Operations = Mapping[str, frozenset[str]]
"""By service, the operations that the function calls."""
_MULTIPART = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload")
_OF_METHODS: Mapping[str, tuple[str, ...]] = {
    "generate_presigned_post": ("CreateBucket",),  # the SDK takes the form's URL from the description of this operation
    "upload_file": ("PutObject", *_MULTIPART),
    "upload_fileobj": ("PutObject", *_MULTIPART),
    "download_file": ("HeadObject", "GetObject"),
    "download_fileobj": ("HeadObject", "GetObject"),
    "copy": ("HeadObject", "CopyObject", "UploadPartCopy", *_MULTIPART),
}
"""The methods of an S3 client that make other calls than their name says."""
_BY_THE_SDK = "HeadBucket"
"""The operation by which the SDK finds the region of a bucket."""
_OF_POWERTOOLS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "get_parameter": ("ssm", ("GetParameter",)),
    "get_parameters": ("ssm", ("GetParametersByPath",)),
    "get_parameters_by_name": ("ssm", ("GetParameters",)),
    "get_secret": ("secretsmanager", ("GetSecretValue",)),
    "DynamoDBPersistenceLayer": ("dynamodb", ("GetItem", "PutItem", "UpdateItem", "DeleteItem")),
}
"""What functions and classes of Powertools call; they create their clients themselves."""


def operations_of(sources: Path, further: Operations) -> Operations:
    """Return the operations that the Python files of a folder call, and `further` ones. Raises PackageError.

    A name counts wherever it is written, also as text: an operation too many only adds its description.
    """
    found: dict[str, set[str]] = defaultdict(set, {service: set(names) for service, names in further.items()})
    written: set[str] = set()
    for path in sorted(sources.rglob("*.py")):
        name = f"{sources.name}/{path.relative_to(sources)}"
        tree = _parsed(path, name)
        written |= set(_written_names(tree, name))
        for service in _services(tree):
            found[service] |= set()
        for service, names in _calls_of_powertools(tree):
            found[service] |= set(names)
    for service in found:
        methods = methods_of(service)
        found[service] |= {methods[method] for method in written & methods.keys()}
        if service == "s3":
            found[service] |= {_BY_THE_SDK, *(name for method in written for name in _OF_METHODS.get(method, ()))}
    return {service: frozenset(names) for service, names in sorted(found.items())}


@cache
def methods_of(service: str) -> Mapping[str, str]:
    """Return the operations of a service by the names of the client's methods."""
    return {xform_name(name): name for name in Loader().load_service_model(service, "service-2")["operations"]}


@cache
def _known_services() -> frozenset[str]:
    return frozenset(Loader().list_available_services("service-2"))  # a session would read the caller's profile


def _parsed(path: Path, name: str) -> ast.Module:
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise PackageError(f"{name} does not compile: {type(error).__name__}: {error}.") from None


def _written_names(tree: ast.AST, name: str) -> Iterator[str]:
    """Yield each attribute and each text of a module: a client's method is one or the other."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if node.attr == "get_waiter":
                raise PackageError(
                    f"{name}:{node.lineno} calls get_waiter, and the package has no waiters: call the operation."
                )
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _services(tree: ast.AST) -> Iterator[str]:
    """Yield the services of the clients and resources that are created by their name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name.endswith(("client", "resource")) and node.args[0].value in _known_services():
                yield str(node.args[0].value)


def _calls_of_powertools(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield service and operations of what is imported from Powertools by name or by its module."""
    modules = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {alias.name for node in modules if "powertools.utilities" in (node.module or "") for alias in node.names}
    used = (
        {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} if "parameters" in imported else set()
    )
    yield from (_OF_POWERTOOLS[name] for name in sorted(imported | used) if name in _OF_POWERTOOLS)
