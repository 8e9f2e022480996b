import type { Simulator } from "@denglu/simulator"
import type { Relay } from "@denglu/stage"
import type { ControlName, ControlRequest, State } from "../protocol.ts"
import type { Arms } from "./arms.ts"
import { ControlError } from "./control-error.ts"
import type { Feed } from "./feed.ts"
import { people } from "./people.ts"
import { secondPhone } from "./second-phone.ts"

/** What may change while the playground runs. */
export interface Standing {
  person: string
  server: State["server"]
  /** Whether somebody waits for it to come back. */
  isRestarting: boolean
  /** Milliseconds by which its clock is ahead. */
  clockAhead: number
}

export interface ControlParts {
  readonly simulator: Simulator
  readonly appid: string
  readonly arms: Arms
  readonly feed: Feed
  readonly standing: Standing
  /** Tells the state anew. */
  readonly changed: () => void
  readonly advanceServerClock: (ms: number) => void
  readonly restart: () => Promise<void>
  readonly loginUrl: () => string
  /** Sends as the second phone. */
  readonly relayOfSecond: Relay
}

type Control = (parts: ControlParts, control: ControlName) => void | Promise<void>

/** A minute longer than an access token lives. */
const tokenLifeMs = 31 * 60_000

const arm: Control = ({ arms }, control) => arms.toggle(control)

/** Each with what it does. Those that are armed wait for the request they spoil; pressed again they are off. */
const controls: Readonly<Record<ControlName, Control>> = {
  "code-used": arm,
  "code-expired": arm,
  "wechat-busy": arm,
  "slow-network": arm,
  "lost-response": arm,
  "token-expired": expireTokens,
  "rotate-session-key": rotateSessionKey,
  "restart-server": restartServer,
  "log-out-elsewhere": logOutElsewhere,
  clear: ({ feed }) => feed.clear(),
}

/** Does what the page asks for. @throws ControlError (as a rejection) if that can't be done */
export async function runControl(parts: ControlParts, request: ControlRequest): Promise<void> {
  if (request.control === "person") handOver(parts, request.person)
  else await controls[request.control](parts, request.control)
}

/** @throws ControlError for what is no request of the page */
export function readControl(value: unknown): ControlRequest {
  const { control, person } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (control === "person" && typeof person === "string") return { control, person }
  if (typeof control === "string" && Object.hasOwn(controls, control))
    return { control: control as ControlName }
  throw new ControlError(`control is one of ${Object.keys(controls).join(", ")}, or person with a name`)
}

function handOver({ standing, feed, changed }: ControlParts, person: string): void {
  if (!people.some(({ name }) => name === person))
    throw new ControlError(`person is one of ${people.map(({ name }) => name).join(", ")}`)
  if (person === standing.person) return
  standing.person = person
  changed()
  feed.tell({ kind: "phone" })
}

function expireTokens({ standing, advanceServerClock, changed }: ControlParts): void {
  advanceServerClock(tokenLifeMs)
  standing.clockAhead += tokenLifeMs
  changed()
}

function rotateSessionKey({ simulator, appid, standing }: ControlParts): void {
  simulator.rotateSessionKey({ appid, user: standing.person })
}

async function restartServer({ standing, restart, changed }: ControlParts): Promise<void> {
  if (standing.isRestarting) throw new ControlError("the server is restarting already")
  standing.isRestarting = true
  standing.server = "restarting"
  changed()
  try {
    await restart()
    standing.server = "up"
  } catch {
    throw new ControlError("the server did not come back; the terminal says why")
  } finally {
    standing.isRestarting = false
    changed()
  }
}

async function logOutElsewhere({ simulator, appid, standing, ...parts }: ControlParts): Promise<void> {
  const phone = secondPhone(parts.relayOfSecond, parts.loginUrl())
  const token = await phone.logIn(simulator.issueCode({ appid, user: standing.person }))
  await phone.logOutEverywhere(token)
}
