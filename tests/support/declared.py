"""The program of prod with one of each part that a service may declare, and the declaration of those parts."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.support.stacks import ROOT, configured
from toolkit.stacks import ResourceGraph, evaluate

_DECLARED = """
_READ = ("dynamodb:GetItem",)
_WORKER = Function(
    "sample-worker", "api.samples.worker.handler", (Grant(ITEMS.tables[0], _READ),), ("cursor-key",), timeout_seconds=20
)
_CLEANUP = Function("sample-cleanup", "api.samples.cleanup.handler")
_AUDIT = Function("sample-audit", "api.samples.audit.handler", (Grant(ATTACHMENTS.buckets[0], ("s3:GetObject",)),))
SAMPLES = Feature(
    "samples",
    queues=(Queue("sample-events", _WORKER, batch_size=5, attempts=4),),
    topics=(Topic("sample-news", (_AUDIT,)),),
    schedules=(Schedule("sample-nightly", "cron(0 3 * * ? *)", _CLEANUP),),
    streams=(Stream(ITEMS.tables[0], _AUDIT),),
    uploads=(Upload(ATTACHMENTS.buckets[0], "attachments", _AUDIT),),
    parameters=(Parameter("sample-limit", "The most samples of a day"),),
)
"""
_FEATURES = "FEATURES = (INFORMATION"


@cache
def graph_with_each_part() -> ResourceGraph:
    """Return the graph of prod with a queue, a topic, a schedule, a stream, uploads and a parameter."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("api", "infrastructure", "toolkit"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("Pulumi.yaml", "Pulumi.prod.yaml", "pyproject.toml"):
            shutil.copy(ROOT / file, root / file)
        definition = root / "api" / "definition.py"
        text = definition.read_text()
        assert text.count(_FEATURES) == 1
        definition.write_text(text.replace(_FEATURES, f"{_DECLARED}\n{_FEATURES}, SAMPLES"))
        config = configured(
            "prod",
            parameters={"sample-limit": "100"},
            functions={"sample-worker": {"memory-mb": 1024, "reserved-concurrency": 3, "oldest-message-seconds": 120}},
        )
        return evaluate("prod", root=root, config=config)
