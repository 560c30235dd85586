"""The function of the API: it accepts readings for the worker, and returns what the worker stored."""

import json
import os
from typing import Any

import boto3

_DYNAMODB, _SQS = boto3.client("dynamodb"), boto3.client("sqs")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer a request of the HTTP API, in payload format 2.0."""
    route = event["routeKey"]
    if route == "GET /health":
        return _response(200, {"status": "ok", "version": os.environ["SERVICE_VERSION"]})
    sensor = event["pathParameters"]["sensor"]
    if route == "POST /sensors/{sensor}":
        value = json.loads(event["body"])["value"]
        _SQS.send_message(QueueUrl=os.environ["READINGS_QUEUE_URL"], MessageBody=json.dumps([sensor, value]))
        return _response(202, {"sensor": sensor})
    found = _DYNAMODB.get_item(TableName=os.environ["READINGS_TABLE"], Key={"sensor": {"S": sensor}}).get("Item")
    if found is None:
        return _response(404, {"message": "no reading of this sensor"})
    return _response(200, {"sensor": sensor, "value": float(found["value"]["N"])})


def _response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
