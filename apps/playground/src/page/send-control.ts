import type { ControlRefusal, ControlRequest, Text } from "../protocol.ts"
import { words } from "./words.ts"

/** Asks the server for something. What came of it is told by the feed. @returns why it was not done, if it was not */
export async function sendControl(request: ControlRequest): Promise<Text | null> {
  try {
    const response = await fetch("./playground/control", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    })
    return response.ok ? null : ((await response.json()) as ControlRefusal).error
  } catch {
    return words.unreachable
  }
}
