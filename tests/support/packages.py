"""Small copies of what a package is made of: a checkout, unpacked wheels, extensions, wheels."""

import base64
import hashlib
import struct
from pathlib import Path
from zipfile import ZipFile

import botocore

from toolkit.configuration import ROOT, configuration
from toolkit.package.operations import operations_of
from toolkit.package.target import BuildTarget

OPERATIONS = operations_of(ROOT / configuration().package.sources, {})
MACHINES = {"x86_64": 0x3E, "arm64": 0xB7}


def elf(architecture: str) -> bytes:
    """The head of a shared object for a machine."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HH", 3, MACHINES[architecture]) + bytes(44)


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write files by their paths below `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def checkout(root: Path) -> Path:
    """A checkout with a small api/ and a lock."""
    files = {
        "api/__init__.py": "",
        "api/lambda_handler.py": "import greeting\n\n\ndef handler(event, context):\n    return greeting.HELLO\n",
        "api/__pycache__/stale.cpython-311.pyc": "stale",
        "api/.notes": "mine",
        "requirements/lambda.txt": "greeting==1.0\n",
    }
    return write(root, dict(files))


def unpack(lock: Path, target: BuildTarget, folder: Path) -> dict[str, str]:
    """Leave in `folder` what uv would for the lock of `checkout`; the wheel's SHA-256."""
    write(
        folder,
        {
            "greeting/__init__.py": "HELLO = 'hello'\n",
            "greeting/words.py": "def known(word):\n    return word in {'a', 'b', 'c'}\n",
            "greeting/__init__.pyi": "HELLO: str\n",
            "greeting/py.typed": "",
            "greeting/tests/test_greeting.py": "",
            "greeting/fast." + f"{target.abi}-linux-gnu.so": elf(target.architecture),
            "bin/greet": "#!/bin/sh\n",
            "greeting-1.0.dist-info/METADATA": "Name: greeting\nVersion: 1.0\nLicense-Expression: MIT\n",
            "greeting-1.0.dist-info/RECORD": "",
            "greeting-1.0.dist-info/licenses/LICENSE": "Permission is hereby granted ...",
        },
    )
    return {"greeting": "ab" * 32}


def wheel(folder: Path, name: str, version: str, tag: str, files: dict[str, str | bytes]) -> str:
    """Write a wheel into `folder`; the line that locks it."""
    path = folder / f"{name}-{version}-{tag}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    everything: dict[str, str | bytes] = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    with ZipFile(path, "w") as archive:
        for entry, content in everything.items():
            archive.writestr(entry, content)
        archive.writestr(
            f"{info}/RECORD", "\n".join([*(_recorded(*pair) for pair in everything.items()), f"{info}/RECORD,,"])
        )
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _recorded(name: str, content: str | bytes) -> str:
    data = content.encode() if isinstance(content, str) else content
    hashed = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={hashed},{len(data)}"


def botocore_data(root: Path, *services: str) -> Path:
    """A botocore data folder as its wheel has it; by default with more services and operations than are called."""
    real = Path(botocore.__file__).parent / "data"
    for service in services or (*OPERATIONS, "sqs"):
        for path in (real / service).rglob("*"):
            if path.is_file():
                write(root, {path.relative_to(real).as_posix(): path.read_bytes()})
    for name in ("endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json"):
        write(root, {name: (real / name).read_bytes()})
    return root
