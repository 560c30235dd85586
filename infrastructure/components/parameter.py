"""A parameter in SSM."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class ParameterArgs:
    """The full name, the value of the stack and its description; nothing confidential: use a secret for that."""

    parameter_name: str
    value: str
    description: str


@final
class Parameter(pulumi.ComponentResource):
    """A standard parameter of type String, which costs nothing.

    Creates: aws.ssm.Parameter.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: ParameterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:data:Parameter", name, None, opts)
        parameter = aws.ssm.Parameter(
            f"{name}-parameter",
            name=args.parameter_name,
            type="String",
            value=args.value,
            description=args.description,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.arn = parameter.name, parameter.arn
        self.register_outputs({"name": self.name, "arn": self.arn})
