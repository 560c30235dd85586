"""The KMS keys that a deploy role can create, change and tag: keys with its stack's tags."""

from collections.abc import Callable

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.documents import Condition, PolicyStatement, allow, deny

_TAGGING = ("kms:TagResource", "kms:UntagResource")
_WITH_CREATION = ("kms:CreateKey", "kms:PutKeyPolicy", "kms:TagResource")
_RIGHT_AFTER_CREATION = frozenset(
    {
        *("kms:CreateAlias", "kms:EnableKeyRotation"),
        *("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
    }
)

Tagged = Callable[[str], Condition]
"""The condition that a request or a resource has the stack's tags."""


def key_statements(
    calls: frozenset[str], keys: str, account: Account, stack: str, tagged: Tagged
) -> list[PolicyStatement]:
    """Return the statements that allow `calls` on the stack's keys, and their creation.

    The ARN of a key does not name its stack, so the tags control which role can change it:

    - CreateKey sends the tags, and KMS authorizes TagResource for it by a policy that names no particular key
      (docs.aws.amazon.com/kms/latest/developerguide/tag-permissions.html): there is no key yet, and no aws:ResourceTag.
      PutKeyPolicy is allowed with it, because CreateKey refuses a policy that its caller could not put again.
    - Tags may take five minutes to count (docs.aws.amazon.com/kms/latest/developerguide/abac.html). What the provider
      calls right after the creation, without another try, is therefore allowed on every key. It does not affect the
      owner of a key, and the boundary denies it on the bootstrap's keys.
    - Existing keys may be tagged only if they have the stack's tags already. An untagged key has another owner.
    """
    project, stack_tag = account.project, "StringNotLike" if "*" in stack else "StringNotEquals"
    return [
        allow("CreateKeys", list(_WITH_CREATION), ["*"], tagged("Request")),
        allow("NewKeys", sorted(calls & _RIGHT_AFTER_CREATION), [keys]),
        allow("OwnKeys", sorted(calls - _RIGHT_AFTER_CREATION), [keys], tagged("Resource")),
        deny("OthersKeys", list(_TAGGING), [keys], {"StringNotEquals": {"aws:ResourceTag/project": project}}),
        deny("OtherStacksKeys", list(_TAGGING), [keys], {stack_tag: {"aws:ResourceTag/stack": stack}}),
        *(
            deny(
                sid,
                ["kms:TagResource"],
                ["*"],
                {"Null": {f"aws:RequestTag/{tag}": "false"}, operator: {f"aws:RequestTag/{tag}": value}},
            )
            for sid, tag, operator, value in (
                ("OthersProject", "project", "StringNotEquals", project),
                ("OthersStack", "stack", stack_tag, stack),
            )
        ),
    ]
