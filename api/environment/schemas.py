"""The environment on the wire."""

from api.schemas import Output


class EnvironmentInformation(Output):
    """Where this very function runs."""

    environment: str
    service_version: str
    runtime: str
    architecture: str
    region: str | None
    function: str | None
    function_version: str | None
    memory_mb: int | None
