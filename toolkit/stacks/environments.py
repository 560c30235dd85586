"""The environments that a stack can belong to."""

from typing import Literal, get_args

Environment = Literal["local", "dev", "review", "staging", "prod"]
ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)
