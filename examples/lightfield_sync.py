"""Lets lightfield-contract judge the official Python client: lightfield-contract client -- python lightfield_sync.py."""

import json
import os
import sys
import traceback

import lightfield


def create(message: dict) -> dict:
    """Create one record and tell what came of it."""
    client = lightfield.Lightfield(
        base_url=message["baseUrl"],
        api_key=os.environ["LIGHTFIELD_API_KEY"],
        timeout=message["timeout"],
        max_retries=message.get("maxRetries", lightfield.DEFAULT_MAX_RETRIES),
    )
    key = message.get("idempotencyKey")
    body = message["body"]
    told = {"body": body, "applied": ["timeout", "maxRetries", "idempotencyKey"]}
    try:
        made = client.opportunity.create(**body, extra_headers={"Idempotency-Key": key} if key else None)
        return {**told, "record": made.to_dict(mode="json") if hasattr(made, "to_dict") else made}
    except Exception as error:
        shown = {name: getattr(error, name, None) for name in ("type", "code", "param", "message")}
        status = getattr(error, "status_code", None)
        return {**told, "error": {**shown, "status": status, "text": traceback.format_exc()}}


for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"id": message["id"], **create(message)}, default=str), flush=True)
