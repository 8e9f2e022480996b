import type { ControlRequest } from "../protocol.ts"

/**
 * Asks the server for something. What came of it is told by the feed.
 * @throws Error with the server's words if it refused, or a TypeError if it can't be reached
 */
export async function sendControl(request: ControlRequest): Promise<void> {
  const response = await fetch("./playground/control", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  })
  if (response.ok) return
  const { error } = (await response.json().catch(() => ({}))) as { error?: string }
  throw new Error(error ?? `${response.status} ${response.statusText}`)
}
