"""The routes of a feature: each rejects query parameters that it does not have, and those that are sent twice."""

from collections import Counter
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.problems import MAX_ERRORS


class _StrictRoute(APIRoute):
    """A route that checks the names in a query; FastAPI ignores unknown ones, and uses the last of repeated ones."""

    def handle(self, scope: Scope, receive: Receive, send: Send) -> Coroutine[Any, Any, None]:
        """Run the route; without a query that costs one comparison. Raise RequestValidationError."""
        if scope["query_string"] and scope["method"] in (self.methods or ()):
            _check(scope["query_string"].decode("latin-1"), {each.alias for each in self.dependant.query_params})
        return super().handle(scope, receive, send)


def feature_router(tag: str, prefix: str = "") -> APIRouter:
    """Return the router of a feature. The operation id of a route is the name of its function."""
    return APIRouter(
        prefix=prefix, tags=[tag], route_class=_StrictRoute, generate_unique_id_function=lambda route: route.name
    )


def _check(query: str, known: set[str]) -> None:
    sent = Counter(name for name, _ in parse_qsl(query, keep_blank_values=True))
    wrong = {name: "The parameter must be sent once" for name, times in sent.items() if times > 1}
    wrong |= {name: "This route has no such parameter" for name in sent if name not in known}
    if wrong:
        errors = [{"type": "query", "loc": ("query", name), "msg": message} for name, message in wrong.items()]
        raise RequestValidationError(errors[:MAX_ERRORS])
