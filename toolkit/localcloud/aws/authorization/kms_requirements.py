"""The requirements on KMS keys: of calls to KMS, and of calls to services that use a key for their caller.

A key that AWS manages allows every principal of the account that uses it through its service, so nothing is required:
https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk.
DynamoDB, S3 and Lambda are not evaluated.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.ssm.models import ssm_backends

from toolkit.localcloud.aws.authorization.event_requirements import parameter_arn
from toolkit.localcloud.aws.authorization.requirements import Requirement, arn

Params = Mapping[str, Any]
_KEY_ID_BYTES = 36  # with which moto begins each ciphertext
_Use = tuple[str, str, str]
"""The key, and the encryption context: its name and its value."""
_SEND, _READ = ("GenerateDataKey", "Decrypt"), ("Decrypt",)
_ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    ("sqs", "SendMessage"): _SEND,
    ("sqs", "SendMessageBatch"): _SEND,
    ("sqs", "ReceiveMessage"): _READ,
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    ("sns", "Publish"): _SEND,
    ("sns", "PublishBatch"): _SEND,
    # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    ("secretsmanager", "CreateSecret"): _SEND,
    ("secretsmanager", "PutSecretValue"): _SEND,
    ("secretsmanager", "GetSecretValue"): _READ,
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
    ("ssm", "PutParameter"): ("Encrypt",),
    ("ssm", "GetParameter"): _READ,
    ("ssm", "GetParameters"): _READ,
}


def kms_requirements(action: str, params: Params, handler: Any) -> list[Requirement]:
    """Return the requirements of a call to KMS: of re-encryption on both keys, of an alias also on its key."""
    source = params.get("KeyId") or params.get("TargetKeyId") or params.get("SourceKeyId")
    key = str(source or _key_of(params.get("CiphertextBlob")) or "")
    if action == "ReEncrypt":
        to = str(params.get("DestinationKeyId"))
        return [
            _on_key("ReEncryptFrom", key, _key_context(params, handler, "SourceEncryptionContext"), handler),
            _on_key("ReEncryptTo", to, _key_context(params, handler, "DestinationEncryptionContext"), handler),
        ]
    found = [_on_key(action, key, _key_context(params, handler, "EncryptionContext"), handler)]
    if params.get("AliasName"):  # a call on an alias also requires the permission for its key
        backend = kms_backends[handler.current_account][handler.region]
        current = str(params["AliasName"])
        if action != "CreateAlias" and backend.any_id_to_key_id(current):
            found.append(_on_key(action, current, _key_context(params, handler, ""), handler))
        found.append(Requirement(action, arn(handler, "kms", current)))
    return [each for each in found if each.resource != "*"] or found[:1]


def _key_context(params: Params, handler: Any, parameter: str) -> dict[str, str | tuple[str, ...]]:
    context = {str(key): str(value) for key, value in (params.get(parameter) or {}).items()}
    keys: dict[str, str | tuple[str, ...]] = {
        f"kms:encryptioncontext:{key.lower()}": value for key, value in context.items()
    }
    keys["kms:calleraccount"] = str(handler.current_account)
    if context:
        keys["kms:encryptioncontextkeys"] = tuple(context)
    return keys


def _on_key(action: str, named: str, keys: dict[str, str | tuple[str, ...]], handler: Any) -> Requirement:
    """Return the requirement on a key, which a call names by its id, its ARN or an alias."""
    if not named:
        return Requirement(action, keys=keys)
    if "alias/" in named:
        keys["kms:requestalias"] = f"alias/{named.partition('alias/')[2]}"
    backend = kms_backends[handler.current_account][handler.region]
    key_id = _key_id(backend, named)
    key = backend.keys.get(key_id)
    resource = str(key.arn) if key is not None else arn(handler, "kms", f"key/{key_id}")
    return Requirement(action, named if key is None and named.startswith("arn:") else resource, keys)


def _key_id(backend: Any, named: str) -> str:
    """Return the id of the key that a call names; the name itself for an alias that does not exist."""
    try:
        return backend.any_id_to_key_id(named) or named
    except AttributeError:  # moto's, for an alias that it does not know, such as alias/aws/sns
        return named


def _key_of(ciphertext: Any) -> str | None:
    """Return the key of a ciphertext of the embedded KMS."""
    try:
        return base64.b64decode(str(ciphertext or ""), validate=True)[:_KEY_ID_BYTES].decode() or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def key_requirements(service: str, action: str, params: Params, handler: Any) -> Iterator[Requirement]:
    """Yield the actions on customer managed keys; their policies have to allow them, too."""
    actions = _ACTIONS.get((service, action), ())
    for named, context, value in _USES[service](params, handler) if actions else ():
        keys = kms_backends[handler.current_account][handler.region]
        key = keys.keys.get(_key_id(keys, named))
        if named.startswith("alias/aws/") or key is None:
            continue
        for each in actions:
            yield Requirement(
                f"kms:{each}",
                str(key.arn),
                {
                    "kms:viaservice": f"{service}.{handler.region}.amazonaws.com",
                    "kms:calleraccount": str(handler.current_account),
                    f"kms:encryptioncontext:{context}": value,
                    "kms:encryptioncontextkeys": (context,),
                },
            )


def _of_queue(params: Params, handler: Any) -> Iterator[_Use]:
    name = str(params.get("QueueUrl")).rpartition("/")[2]
    queue: Any = sqs_backends[handler.current_account][handler.region].queues.get(name)
    if queue is not None and queue.kms_master_key_id:
        yield str(queue.kms_master_key_id), "aws:sqs:arn", arn(handler, "sqs", name)


def _of_topic(params: Params, handler: Any) -> Iterator[_Use]:
    topic_arn = str(params.get("TopicArn") or params.get("TargetArn"))
    topic = sns_backends[handler.current_account][handler.region].topics.get(topic_arn)
    if topic is not None and topic.kms_master_key_id:
        yield str(topic.kms_master_key_id), "aws:sns:topicarn", topic_arn


def _of_secret(params: Params, handler: Any) -> Iterator[_Use]:
    secrets = secretsmanager_backends[handler.current_account][handler.region].secrets
    secret: Any = secrets.get(str(params.get("SecretId")))
    key = params.get("KmsKeyId") if secret is None else secret.kms_key_id
    if key:
        yield str(key), "secretarn", str(getattr(secret, "arn", ""))


def _of_parameter(params: Params, handler: Any) -> Iterator[_Use]:
    if params.get("Type") == "SecureString" and params.get("KeyId"):
        yield str(params["KeyId"]), "parameter_arn", parameter_arn(str(params.get("Name")), handler)
    if not params.get("WithDecryption"):
        return
    parameters: Any = ssm_backends[handler.current_account][handler.region]
    for name in map(str, params.get("Names") or [params.get("Name")]):
        for parameter in parameters.get_parameters([name]).values():
            if parameter.parameter_type == "SecureString":
                yield str(parameter.keyid), "parameter_arn", parameter_arn(name, handler)


_USES: Mapping[str, Callable[[Params, Any], Iterator[_Use]]] = {
    "secretsmanager": _of_secret,
    "sns": _of_topic,
    "sqs": _of_queue,
    "ssm": _of_parameter,
}
