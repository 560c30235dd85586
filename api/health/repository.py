"""Readiness as DynamoDB tells it."""

from botocore.exceptions import BotoCoreError, ClientError

from api.table import Table
from api.telemetry import logger


class DynamoProbe:
    """A table, asked for a record that need not exist."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def answers(self) -> bool:
        """Whether the table could be read; the reason why not goes to the log."""
        try:
            self._table.get("health", "ready", consistent=False)
        except (BotoCoreError, ClientError) as error:
            logger.warning("The item table cannot be read", extra={"reason": str(error)})
            return False
        return True
