"""Of pulumi_aws only what the program touches is loaded."""

import subprocess
import sys
from keyword import kwlist
from pathlib import Path

from toolkit.stacks import evaluate


def services_of(stack: str, root: Path) -> set[str]:
    """The modules of pulumi_aws that declare the types of the graph; `lambda`, a word of Python, is `lambda_`."""
    types = {one.type for one in evaluate(stack, root=root).resources}
    names = {name.split(":")[1].split("/")[0] for name in types if name.startswith("aws:")}
    return {f"{name}_" if name in kwlist else name for name in names}


def in_a_fresh_process(root: Path, code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_unused_services_are_not_loaded(root: Path) -> None:
    code = (
        "import sys, toolkit.stacks; toolkit.stacks.evaluate('prod')\n"
        "modules = [name.split('.') for name in sys.modules if name.startswith('pulumi_aws.')]\n"
        "print(*{parts[1] for parts in modules if len(parts) == 3})"
    )
    loaded = set(in_a_fresh_process(root, code))

    assert loaded - {"config"} == services_of("prod", root)


def test_unused_modules_of_a_service_are_not_loaded(root: Path) -> None:
    code = (
        "import sys, toolkit.stacks; toolkit.stacks.evaluate('prod')\n"
        "print(*[name.split('.')[2] for name in sys.modules if name.startswith('pulumi_aws.dynamodb.')])"
    )
    assert set(in_a_fresh_process(root, code)) == {"table", "_inputs", "outputs"}


def test_unknown_attribute_loads_the_whole_service(root: Path) -> None:
    code = (
        "from toolkit.stacks.lazy_services import load_services_lazily; load_services_lazily()\n"
        "import pulumi_aws as aws\n"
        "print(aws.s3.Bucket.__name__, aws.s3.BucketV2.__name__, aws.s3.BucketCorsRuleArgs.__name__,\n"
        "      aws.dynamodb.outputs.__name__, aws.lambda_.Runtime.__name__, aws.dynamodb.get_table.__name__)\n"
        "from pulumi_aws.sqs import *\n"
        "print(Queue.__name__, QueuePolicy.__name__)"
    )
    found = in_a_fresh_process(root, code)

    assert found[:4] == ["Bucket", "BucketV2", "BucketCorsRuleArgs", "pulumi_aws.dynamodb.outputs"]
    assert found[4:6] == ["Runtime", "get_table"]
    assert found[-2:] == ["Queue", "QueuePolicy"]


def test_unknown_name_raises_an_attribute_error(root: Path) -> None:
    code = (
        "from toolkit.stacks.lazy_services import load_services_lazily; load_services_lazily()\n"
        "import pulumi_aws as aws\n"
        "print(hasattr(aws.sns, 'Nothing'), hasattr(aws.sns, 'Topic'))"
    )
    assert in_a_fresh_process(root, code) == ["False", "True"]
