"""Plain requests as a client: no retries, no keys, errors by hand."""

import json
import os
import sys

import requests

HEADERS = {"Authorization": f"Bearer {os.environ['LIGHTFIELD_API_KEY']}", "Lightfield-Version": "2026-03-01"}
for line in sys.stdin:
    message = json.loads(line)
    url = message["baseUrl"].rstrip("/") + "/v1/opportunities"
    try:
        response = requests.post(url, json=message["body"], headers=HEADERS, timeout=message["timeout"])
        response.raise_for_status()
        told = {"record": response.json()}
    except requests.HTTPError as error:
        told = {"error": {"status": error.response.status_code, "message": f"{error} {error.response.text}"}}
    except (requests.RequestException, ValueError) as error:
        told = {"error": {"message": repr(error)}}
    print(json.dumps({"id": message["id"], "applied": ["timeout"], **told}), flush=True)
