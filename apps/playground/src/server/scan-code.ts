import type { ScannedLaunch, Simulator } from "@denglu/simulator"
import type { Relay } from "@denglu/stage"
import type { Person, ScanRequest, ScanWay, State } from "../protocol.ts"
import { ControlError } from "./control-error.ts"
import type { Feed } from "./feed.ts"
import { codeScanned, guessedBy, openedFromAlbum, scannedLate, tellHappening } from "./happenings.ts"
import { people } from "./people.ts"
import { secondPhone } from "./second-phone.ts"

/** What may change while the playground runs. */
export interface Standing {
  person: string
  server: State["server"]
  /** Milliseconds by which its clock is ahead. */
  clockAhead: number
}

export interface ScanParts {
  readonly simulator: Simulator
  readonly appid: string
  readonly feed: Feed
  readonly standing: Standing
  /** Tells the state anew. */
  readonly changed: () => void
  readonly advanceServerClock: (ms: number) => void
  readonly loginUrl: () => string
  /** Sends as somebody else's phone. */
  readonly relayOfStranger: Relay
}

/** A second longer than a code is good. */
const codeLifeMs = 181_000

type Scan = (parts: ScanParts, launch: ScannedLaunch, number: string) => void | Promise<void>

const ways: Readonly<Record<ScanWay, Scan>> = {
  camera: openedBy(({ feed }) => tellHappening(feed, codeScanned)),
  "stolen-picture": openedBy(({ standing, changed, feed }) => {
    const other = nextPerson(standing.person)
    standing.person = other.name
    changed()
    tellHappening(feed, openedFromAlbum(other))
  }),
  late: openedBy(({ standing, advanceServerClock, changed, feed }) => {
    advanceServerClock(codeLifeMs)
    standing.clockAhead += codeLifeMs
    changed()
    tellHappening(feed, scannedLate)
  }),
  "wrong-number": guessNumber,
}

export function isScanWay(way: unknown): way is ScanWay {
  return typeof way === "string" && Object.hasOwn(ways, way)
}

/** Has a phone see what is on the computer's screen. @throws ControlError (as a rejection) if there is no code in the picture */
export async function scanCode(parts: ScanParts, { way, image, number }: ScanRequest): Promise<void> {
  const picture = Buffer.from(image.slice(image.indexOf(",") + 1), "base64")
  const by = way === "stolen-picture" ? "album" : "camera"
  const launch = parts.simulator.scanCode({ image: picture, by })
  if (launch === undefined)
    throw new ControlError({ en: "there is no code in this picture", zh: "图片中没有小程序码" })
  await ways[way](parts, launch, number)
}

/** After something has happened, the phone on the page opens the mini program as the code says. */
function openedBy(happen: (parts: ScanParts) => void): Scan {
  return (parts, { path, query, scene }) => {
    happen(parts)
    parts.feed.tell({ kind: "phone", launch: `${scene}:${path}?scene=${query.scene}` })
  }
}

/** Somebody who can't see the page tries a number; never the right one. */
async function guessNumber(parts: ScanParts, { query }: ScannedLaunch, right: string): Promise<void> {
  const { feed, simulator, appid, standing, loginUrl, relayOfStranger } = parts
  const stranger = nextPerson(standing.person)
  const number = String(10 + ((Number(right) - 10 + 37) % 90))
  tellHappening(feed, guessedBy(stranger, number))
  const phone = secondPhone(relayOfStranger, loginUrl())
  const token = await phone.logIn(simulator.issueCode({ appid, user: stranger.name }))
  await phone.answerScan(token, decodeURIComponent(query.scene), number)
}

function nextPerson(name: string): Person {
  const index = people.findIndex(person => person.name === name)
  return people[(index + 1) % people.length] as Person
}
