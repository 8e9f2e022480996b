import type { Relay } from "@denglu/stage"
import type { ControlName, ControlRequest, Text } from "../protocol.ts"
import type { Arms } from "./arms.ts"
import { ControlError } from "./control-error.ts"
import { handedOver, serverRestarted, sessionKeyRotated, tellHappening, tokensExpired } from "./happenings.ts"
import { people } from "./people.ts"
import { isScanWay, type ScanParts, scanCode } from "./scan-code.ts"
import { secondPhone } from "./second-phone.ts"

export interface ControlParts extends ScanParts {
  readonly arms: Arms
  readonly restart: () => Promise<void>
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
  else if (request.control === "scan") await scanCode(parts, request)
  else await controls[request.control](parts, request.control)
}

/** @throws ControlError for what is no request of the page */
export function readControl(value: unknown): ControlRequest {
  const { control, person, way, image, number } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (control === "person" && typeof person === "string") return { control, person }
  if (control === "scan") {
    if (isScanWay(way) && isPicture(image) && isNumber(number)) return { control, way, image, number }
    throw new ControlError(scanNeeds)
  }
  if (typeof control === "string" && Object.hasOwn(controls, control))
    return { control: control as ControlName }
  throw new ControlError(oneOf("control", [...Object.keys(controls), "person", "scan"]))
}

const isPicture = (image: unknown): image is string =>
  typeof image === "string" && /^data:image\/[\w+]+;base64,[\w+/]+=*$/.test(image)
const isNumber = (number: unknown): number is string => typeof number === "string" && /^\d\d$/.test(number)
const scanNeeds: Text = {
  en: "scan needs way, image (a data: URL) and number (two digits)",
  zh: "scan 需要 way、image（data: URL）和 number（两位数字）",
}

function oneOf(name: string, values: readonly string[]): Text {
  const list = values.join(", ")
  return { en: `${name} is one of ${list}`, zh: `${name} 应为以下之一：${list}` }
}

function handOver({ standing, feed, changed }: ControlParts, name: string): void {
  const person = people.find(person => person.name === name)
  if (person === undefined)
    throw new ControlError(
      oneOf(
        "person",
        people.map(({ name }) => name),
      ),
    )
  if (name === standing.person) return
  standing.person = name
  changed()
  tellHappening(feed, handedOver(person))
  feed.tell({ kind: "phone" })
}

function expireTokens({ standing, advanceServerClock, changed, feed }: ControlParts): void {
  advanceServerClock(tokenLifeMs)
  standing.clockAhead += tokenLifeMs
  changed()
  tellHappening(feed, tokensExpired)
}

function rotateSessionKey({ simulator, appid, standing, feed }: ControlParts): void {
  simulator.rotateSessionKey({ appid, user: standing.person })
  tellHappening(feed, sessionKeyRotated)
}

async function restartServer({ standing, restart, changed, feed }: ControlParts): Promise<void> {
  if (standing.server === "restarting")
    throw new ControlError({ en: "the server is restarting already", zh: "服务器正在重启" })
  standing.server = "restarting"
  changed()
  const startedAt = Date.now()
  try {
    await restart()
  } catch {
    standing.server = "down"
    changed()
    throw new ControlError({
      en: "the server did not come back; try again, or start `npm start` anew",
      zh: "服务器没有启动成功；请再试一次，或重新运行 npm start",
    })
  }
  standing.server = "up"
  changed()
  tellHappening(feed, serverRestarted, Date.now() - startedAt)
}

async function logOutElsewhere({ simulator, appid, standing, ...parts }: ControlParts): Promise<void> {
  const phone = secondPhone(parts.relayOfSecond, parts.loginUrl())
  const token = await phone.logIn(simulator.issueCode({ appid, user: standing.person }))
  await phone.logOutEverywhere(token)
}
