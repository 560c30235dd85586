"""Starts FastAPI sooner: its OpenAPI models are built when a document is made, not at every cold start.

`fastapi.openapi.models` compiles some thirty pydantic models at import, a fifth of FastAPI's start-up, and the function
needs none of them to answer. pydantic itself offers to wait (`defer_build`); FastAPI has no switch for it.
"""

from typing import Any

from pydantic import BaseModel


def import_fastapi() -> None:
    """Import FastAPI with its own pydantic models deferred until their first use."""
    eager_config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def rebuild_on_use(cls: type[BaseModel], /, **how: Any) -> bool | None:
        """Do nothing for the bare calls at the end of FastAPI's module; pydantic's own calls always say how."""
        result: bool | None = rebuild.__get__(None, cls)(**how) if how else None
        return result

    try:
        BaseModel.model_config = {**eager_config, "defer_build": True}
        BaseModel.model_rebuild = classmethod(rebuild_on_use)  # type: ignore[assignment,method-assign] # until FastAPI is in
        import fastapi  # noqa: F401 - the import is the point
    finally:
        BaseModel.model_config = eager_config
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign] # as it was
