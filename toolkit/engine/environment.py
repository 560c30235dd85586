"""The environment variables that the Pulumi CLI gets.

The CLI takes each option of each command also from a variable, PULUMI_OPTION_ and the option's name. So
PULUMI_OPTION_IGNORE_PROTECT=true deletes protected resources (CLI 3.256 and newer), and PULUMI_OPTION_TARGET
updates only a part:
https://github.com/pulumi/pulumi/blob/v3.260.0/pkg/cmd/pulumi/pulumi.go, https://github.com/pulumi/pulumi/pull/24053
"""

from collections.abc import Mapping

PREFIX = "PULUMI_OPTION_"
BYPASSING = ("ignore-protect", "skip-preview")
"""The options that bypass the protection of a resource: the preview rejects the deletion."""
FIRST_WITH_IGNORE_PROTECT = (3, 256)
_KEPT_OUT = {
    "PULUMI_CONTINUE_ON_ERROR",
    "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS",
    "PULUMI_DISABLE_VALIDATION",
    "PULUMI_RUN_PROGRAM",
    "PULUMI_SKIP_CHECKPOINTS",
    "PULUMI_SKIP_CONFIRMATIONS",
}
"""Other variables that change an update or its safety: sdk/go/common/env/env.go of the same version."""


def engine_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the CLI, without those that add an option or bypass a check."""
    return {name: value for name, value in environment.items() if not (name.startswith(PREFIX) or name in _KEPT_OUT)}


def bypassing_variables(environment: Mapping[str, str]) -> list[str]:
    """Return the set variables that make the CLI bypass protection or skip its confirmation."""
    names = [PREFIX + option.replace("-", "_").upper() for option in BYPASSING]
    return [name for name in (*names, "PULUMI_SKIP_CONFIRMATIONS") if environment.get(name, "").lower() not in _OFF]


_OFF = {"", "0", "f", "false"}
