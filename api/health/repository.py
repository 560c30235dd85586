"""Readiness as DynamoDB tells it."""

from botocore.exceptions import BotoCoreError, ClientError

from api.table import Table
from api.telemetry import logger


class DynamoProbe:
    """Tables, asked for a record that need not exist."""

    def __init__(self, *tables: Table) -> None:
        self._tables = tables

    def answers(self) -> bool:
        """Whether each table could be read; the reason why not goes to the log."""
        for table in self._tables:
            try:
                table.get("health", "ready", consistent=False)
            except (BotoCoreError, ClientError) as error:
                logger.warning("A table cannot be read", extra={"table": table.name, "reason": str(error)})
                return False
        return True
