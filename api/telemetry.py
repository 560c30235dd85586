"""Structured logs and domain metrics, through Powertools for AWS Lambda."""

from aws_lambda_powertools.logging import Logger

logger = Logger()
"""JSON lines with service, request id and trace id; never given a token, a body or a secret."""
