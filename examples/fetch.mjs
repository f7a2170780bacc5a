// Node's fetch as a client: no retries, no keys, errors by hand.
import { createInterface } from "node:readline";

const headers = {
  Authorization: `Bearer ${process.env.LIGHTFIELD_API_KEY}`,
  "Lightfield-Version": "2026-03-01",
  "Content-Type": "application/json",
};
for await (const line of createInterface({ input: process.stdin })) {
  const { id, baseUrl, timeout, body } = JSON.parse(line);
  let told;
  try {
    const signal = AbortSignal.timeout(timeout * 1000);
    const url = baseUrl.replace(/\/+$/, "") + "/v1/opportunities";
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
    const text = await response.text();
    told = response.ok ? { record: JSON.parse(text) } : { error: { status: response.status, message: text } };
  } catch (error) {
    told = { error: { message: String(error), text: String(error.stack) } };
  }
  console.log(JSON.stringify({ id, applied: ["timeout"], ...told }));
}
