"""The function that stores the readings in the queue; it reports each message that it cannot store."""

import json
import os
from typing import Any

import boto3

_DYNAMODB = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Store a batch of messages."""
    failed = []
    for record in event["Records"]:
        try:
            sensor, value = json.loads(record["body"])
            item = {"sensor": {"S": sensor}, "value": {"N": str(float(value))}}
            _DYNAMODB.put_item(TableName=os.environ["READINGS_TABLE"], Item=item)
        except ValueError as error:
            print(json.dumps({"level": "ERROR", "message": f"not a reading: {error}"}))  # noqa: T201 - the function's log
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
