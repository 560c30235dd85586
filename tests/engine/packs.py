"""Copies of the policy pack that a test may change."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_pack(folder: Path, waivers: str = "waivers: []\n") -> Path:
    """The pack, and what it imports, in this folder with these exceptions; returns where the pack is."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("policies", "toolkit"):
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    (folder / "policies" / "waivers.yaml").write_text(waivers)
    return folder / "policies"


def waive(rule: str, urn: str, days: int) -> str:
    """A file with one exception, which ends in so many days."""
    end = datetime.now(UTC).date() + timedelta(days=days)
    entry = {"rule": rule, "urn": urn, "reason": "a test of the engine", "owner": "a-team", "expires": end}
    return "waivers:\n- " + "\n  ".join(f"{key}: {value}" for key, value in entry.items()) + "\n"
