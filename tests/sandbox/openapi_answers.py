"""What BTCPay's OpenAPI document says about the answers of our routes."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jsonschema import Draft7Validator, FormatChecker

FORMATS: Final = FormatChecker(formats=())
_NAMES: Final = {
    "store": "storeId",
    "invoice": "invoiceId",
    "app": "appId",
    "till": "appId",
    "request": "paymentRequestId",
    "pull": "pullPaymentId",
    "webhook": "webhookId",
    "delivery": "deliveryId",
}


@FORMATS.checks("decimal", raises=InvalidOperation)
def _is_decimal(text: object) -> bool:
    return not isinstance(text, str) or Decimal(text).is_finite()


def _plain(node: object) -> object:
    """Turn OpenAPI 3.0's ``nullable`` into JSON Schema."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, object] = {key: _plain(value) for key, value in node.items()}
    return {"anyOf": [{"type": "null"}, found]} if node.get("nullable") is True else found


def documented(path: str) -> str:
    """Return the OpenAPI document's name of one of our routes."""
    for ours, theirs in _NAMES.items():
        path = path.replace(f"{{{ours}}}", f"{{{theirs}}}")
    return f"/api/v1{path}"


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft7Validator:
    """Return a check for one schema of the document."""
    whole = _plain({"components": document["components"], **schema})
    assert isinstance(whole, dict)
    return Draft7Validator(whole, format_checker=FORMATS)


def answers(document: dict[str, Any], path: str, method: str = "get") -> Draft7Validator:
    """Return a check for the answers of one of our routes."""
    response = document["paths"][documented(path)][method]["responses"]["200"]
    return validator(document, response["content"]["application/json"]["schema"])
