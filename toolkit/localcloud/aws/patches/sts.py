"""Patches of moto's STS: AssumeRole keeps the session's tags, managed policies and time of issue."""

from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow
from moto.sts.responses import TokenResponse

from toolkit.localcloud.aws.patches import wrap
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:ActionResult.result",
    "moto.core.utils:utcnow",
    "moto.sts.responses:TokenResponse.assume_role",
)


def patch_sts() -> None:
    """Have AssumeRole keep what the evaluation of later calls needs."""
    wrap(TokenResponse, "assume_role", _assume_role)


def _assume_role(assume: Callable[[Any], Any], handler: Any) -> Any:
    answer = assume(handler)
    session, given = answer.result["Credentials"], handler.params
    session.session_tags = {tag["Key"]: tag["Value"] for tag in given.get("Tags") or ()}
    session.policy_arns = tuple(policy["arn"] for policy in given.get("PolicyArns") or ())
    session.issued = utcnow()
    return answer
