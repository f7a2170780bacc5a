"""Lets lightfield-contract judge the official Python client, async: `client -- python lightfield_async.py`."""

import asyncio
import json
import math
import os
import sys
import traceback

import lightfield

APPLIED = ["timeout", "maxRetries", "idempotencyKey", "nonFinite", "parallel"]


async def create(client: lightfield.AsyncLightfield, body: dict, key: str | None = None) -> dict:
    """Create one record and tell what came of it."""
    try:
        made = await client.opportunity.create(**body, extra_headers={"Idempotency-Key": key} if key else None)
        return {"record": made.to_dict(mode="json") if hasattr(made, "to_dict") else made}
    except Exception as error:
        told = {name: getattr(error, name, None) for name in ("type", "code", "param", "message")}
        status = getattr(error, "status_code", None)
        return {"error": {**told, "status": status, "text": traceback.format_exc()}}


async def answer(message: dict) -> dict:
    """The answer to a message."""
    retries = message.get("maxRetries", lightfield.DEFAULT_MAX_RETRIES)
    key = os.environ["LIGHTFIELD_API_KEY"]
    body = message["body"]
    async with lightfield.AsyncLightfield(
        base_url=message["baseUrl"], api_key=key, timeout=message["timeout"], max_retries=retries
    ) as client:
        if "parallel" in message:
            return {"answers": await asyncio.gather(*(create(client, each) for each in message["parallel"]))}
        if "nonFinite" in message:
            group, name = message["nonFinite"].strip("/").split("/")
            return await create(client, {**body, group: {**body[group], name: math.nan}})
        return {**await create(client, body, message.get("idempotencyKey")), "body": body}


for line in sys.stdin:
    message = json.loads(line)
    told = asyncio.run(answer(message))
    print(json.dumps({"id": message["id"], "applied": APPLIED, **told}, default=str), flush=True)
