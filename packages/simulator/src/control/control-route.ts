import type { Simulator } from "../simulator.ts"

/** What a control route is sent. */
export type Body = Readonly<Record<string, unknown>>

export interface ControlRoute {
  readonly method: "GET" | "POST" | "DELETE"
  /** The path behind `/__simulator__/`. */
  readonly name: string
  readonly does: string
  /** What to send. */
  readonly example: string
  /** @throws TypeError for what the sender must change */
  run(simulator: Simulator, body: Body): object
}
