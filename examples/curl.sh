#!/bin/sh
# curl as a client: one message for each run. The key goes through a file descriptor, not through the arguments.
read -r message
field() { printf %s "$message" | python3 -c 'import json, sys; m = json.load(sys.stdin)
v = m[sys.argv[1]]; print(v if isinstance(v, str) else json.dumps(v))' "$1"; }
url=$(field baseUrl)
answer=$(printf 'header = "Authorization: Bearer %s"' "$LIGHTFIELD_API_KEY" |
    curl -sS --config - --max-time "$(field timeout)" -w '\n%{http_code}' -X POST "${url%/}/v1/opportunities" \
        -H 'Lightfield-Version: 2026-03-01' -H 'Content-Type: application/json' --data-binary "$(field body)")
printf '%s' "$answer" | python3 -c 'import json, sys
told, _, status = sys.stdin.buffer.read().decode("utf-8", "replace").rpartition("\n")
try:
    out = {"record": json.loads(told)} if status in ("200", "201") else {"error": {"message": told}}
except ValueError:
    out = {"error": {"message": "no JSON"}}
if "error" in out and status not in ("", "000"):
    out["error"]["status"] = int(status)
print(json.dumps({"id": sys.argv[1], "applied": ["timeout"], **out}))' "$(field id)"
