// A careful client for Node's fetch: keeps every clause. It speaks the messages of lightfield-contract client.
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

const APPLIED = ["timeout", "waitScale", "idempotencyKey", "maxRetries", "nonFinite", "parallel"];
const LONGEST_WAIT = 60;

class ApiError extends Error {
  constructor(message, { status = null, retryable = false, retryAfter = null, told = {} } = {}) {
    super(message);
    Object.assign(this, { status, retryable, retryAfter, type: told.type, code: told.code, param: told.param });
  }
}

class Client {
  constructor({ baseUrl, timeout = 30, maxRetries = 3, waitScale = 1 }, apiKey) {
    Object.assign(this, { baseUrl: baseUrl.replace(/\/+$/, ""), timeout, maxRetries, waitScale, apiKey });
  }

  async create(body, key = randomUUID()) {
    const content = encode(body);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(content, key);
      } catch (error) {
        const wait = this.waitBefore(error, attempt);
        if (wait === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait * this.waitScale * 1000));
      }
    }
  }

  async attempt(content, key) {
    let response, text;
    try {
      // The signal also ends an answer that drips.
      response = await fetch(`${this.baseUrl}/v1/opportunities`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${this.apiKey}`,
          "Lightfield-Version": "2026-03-01",
          "Content-Type": "application/json",
          "Idempotency-Key": key,
        },
        body: content,
        redirect: "manual",
        signal: AbortSignal.timeout(this.timeout * 1000),
      });
      text = await response.text();
    } catch (error) {
      throw new ApiError(`no answer: ${error.name}`, { retryable: true });
    }
    if (response.status !== 200 && response.status !== 201) throw refused(response, text);
    const record = parse(text);
    if (typeof record?.id !== "string" || record.id === "") {
      throw new ApiError("the answer is no record", { status: response.status, retryable: true });
    }
    return record;
  }

  waitBefore(error, attempt) {
    if (!error.retryable || attempt >= this.maxRetries) return null;
    const asked = askedToWait(error.retryAfter);
    if (asked === null) return 0.5 * 2 ** attempt * (0.5 + Math.random());
    return asked <= LONGEST_WAIT ? asked : null;
  }
}

function encode(body) {
  // JSON.stringify would send null in place of NaN, which the caller did not say.
  return JSON.stringify(body, (name, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw new ApiError(`${name} is not finite`);
    return value;
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(response, text) {
  const body = parse(text);
  const inner = body?.error ?? body;
  const told = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
  const retryable =
    [408, 429, 500, 502, 503, 504].includes(response.status) ||
    (response.status === 409 && told.type === "idempotency_conflict");
  const retryAfter = response.headers.get("Retry-After");
  const message = told.message ?? `the server answered ${response.status}`;
  return new ApiError(message, { status: response.status, retryable, retryAfter, told });
}

function askedToWait(text) {
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = /GMT$/.test(text) ? (Date.parse(text) - Date.now()) / 1000 : NaN;
  return seconds >= 0 ? seconds : null;
}

async function outcome(client, body, key) {
  try {
    return { record: await client.create(body, key), body };
  } catch (error) {
    const { status = null, type = null, code = null, param = null, retryable = null } = error;
    return { error: { status, type, code, param, retryable, message: error.message, text: String(error.stack) }, body };
  }
}

async function answer(message) {
  const client = new Client(message, process.env.LIGHTFIELD_API_KEY);
  if (message.parallel) {
    return { answers: await Promise.all(message.parallel.map((body) => outcome(client, body))) };
  }
  if (message.nonFinite) {
    const [, group, key] = message.nonFinite.split("/");
    message.body[group][key] = NaN;
    const { body, ...told } = await outcome(client, message.body);
    return told;
  }
  return outcome(client, message.body, message.idempotencyKey);
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  console.log(JSON.stringify({ id: message.id, applied: APPLIED, ...(await answer(message)) }));
}
