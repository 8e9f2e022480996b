import type { SimulatedClock } from "../clock.ts"
import type { DrawnCodes } from "../drawn-codes.ts"
import type { PlatformDesk } from "../platform/platform-desk.ts"
import type { Family, Reply } from "../reply.ts"
import type { TokenDesk } from "../token-desk.ts"
import type { World } from "../world.ts"

/** What an endpoint is asked. */
export interface Call {
  readonly method: string
  readonly query: URLSearchParams
  /** The body as it came. */
  readonly body: string
  readonly world: World
  readonly tokens: TokenDesk
  readonly drawn: DrawnCodes
  readonly platforms: PlatformDesk
  readonly clock: SimulatedClock
}

/** One endpoint of api.weixin.qq.com, named as WeChat names it. */
export interface Endpoint {
  readonly name: string
  readonly path: string
  readonly methods: readonly string[]
  readonly family: Family
  answer(call: Call): Reply
}

/** The body as a JSON object; empty if it is none. */
export function jsonBody({ body }: Call): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
