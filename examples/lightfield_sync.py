"""Lets lightfield-contract judge the official Python client, sync: `client -- python lightfield_sync.py`."""

import json
import math
import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import lightfield

APPLIED = ["timeout", "maxRetries", "idempotencyKey", "nonFinite", "parallel"]


def create(client: lightfield.Lightfield, body: dict, key: str | None = None) -> dict:
    """Create one record and tell what came of it."""
    try:
        made = client.opportunity.create(**body, extra_headers={"Idempotency-Key": key} if key else None)
        return {"record": made.to_dict(mode="json") if hasattr(made, "to_dict") else made}
    except Exception as error:
        told = {name: getattr(error, name, None) for name in ("type", "code", "param", "message")}
        status = getattr(error, "status_code", None)
        return {"error": {**told, "status": status, "text": traceback.format_exc()}}


def answer(message: dict) -> dict:
    """The answer to a message."""
    retries = message.get("maxRetries", lightfield.DEFAULT_MAX_RETRIES)
    key = os.environ["LIGHTFIELD_API_KEY"]
    body = message["body"]
    with lightfield.Lightfield(
        base_url=message["baseUrl"], api_key=key, timeout=message["timeout"], max_retries=retries
    ) as client:
        if "parallel" in message:
            with ThreadPoolExecutor() as pool:
                return {"answers": list(pool.map(lambda each: create(client, each), message["parallel"]))}
        if "nonFinite" in message:
            group, name = message["nonFinite"].strip("/").split("/")
            return create(client, {**body, group: {**body[group], name: math.nan}})
        return {**create(client, body, message.get("idempotencyKey")), "body": body}


for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"id": message["id"], "applied": APPLIED, **answer(message)}, default=str), flush=True)
