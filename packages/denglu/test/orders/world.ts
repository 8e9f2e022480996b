import type { Store } from "../../src/store/store.ts"
import { apps, type SeveralApps, startSeveralApps } from "../support/several-apps.ts"
import { chances } from "./chances.ts"

/** The two mini programs that everybody logs in to. */
export const twoApps = ["shop", "club"] as const
export type App = (typeof twoApps)[number]

/** Who stands behind a code: an app and a person, as `shop alice`. Behind digits stands a number, behind a password an account. */
export type Face = `${App} ${string}` | `sms ${string}` | `password ${string}`

/** A session that was opened, with all its client has. */
export interface Held {
  readonly id: string
  readonly person: string
  readonly face: Face
  readonly accessToken: string
  readonly refreshToken: string
}

/** What has to be, told from what the steps have proved, without a look at the store. */
export interface Expected {
  readonly owners: Map<Face, string>
  /** Faces whose unionid was brought by a login. */
  readonly withUnionid: Set<Face>
  /** Whose a person's unionid is. */
  readonly unionidOwners: Map<string, string>
  readonly phones: Map<string, string>
  /** Ids of live sessions. */
  readonly live: Set<string>
  /** Whom users were merged into. */
  readonly survivors: Map<string, string>
  readonly leaving: Set<string>
  readonly gone: Set<string>
}

/** A merge, and what it moved. */
export interface Merged {
  readonly id: string
  readonly survivorId: string
  readonly absorbedId: string
  readonly faces: readonly Face[]
  /** Whose unionids. */
  readonly people: readonly string[]
  readonly pointers: readonly string[]
  readonly phone: string | undefined
  readonly dropsPhone: boolean
}

/** Two people, two apps, and what has become of them in one order of steps. */
export interface World {
  readonly login: SeveralApps["login"]
  readonly send: SeveralApps["send"]
  readonly simulator: SeveralApps["simulator"]
  readonly store: Store
  readonly people: readonly [string, string]
  /** Where both are: tries of passwords are counted by it. */
  readonly address: string
  /** The number that both people have: it passes from one to the other, as numbers do. */
  readonly number: string
  readonly held: Held[]
  /** Everybody who was ever a user. */
  readonly users: Set<string>
  readonly merges: Merged[]
  readonly expected: Expected
  /** Apps of an open-platform account, whose people have a unionid. */
  readonly bound: ReadonlySet<App>
  bind(app: App): void
  advance(ms: number): void
  now(): number
  /** One of these by chance, the same one whenever the same steps went before. */
  draw<Value>(values: readonly Value[]): Value
  /** Begins the chances of the next step. */
  reseed(seed: number): void
  code(face: Face): string
  /** `undefined` until the person was in the app. */
  openidOf(face: Face): string | undefined
  /** Has digits sent to the number. */
  digits(
    purpose: "login" | "bind",
    token?: string,
  ): Promise<{ readonly sms_id: string; readonly code: string }>
}

/** How long (ms) who has deleted an account may come back. */
export const coolingOff = 600_000
/** A number gets one message a minute. */
const betweenMessages = 61_000
const plenty = 1_000_000

export interface Place {
  /** A world of two people nobody knows yet. */
  begin(name: string): World
  close(): Promise<void>
}

/** A login on this store. Worlds begin in it one after another. With `spoil` the login has a store that breaks promises. */
export async function openPlace(store: Store, spoil: (store: Store) => Partial<Store>): Promise<Place> {
  const spoilt = { ...store, ...spoil(store) }
  const sent: string[] = []
  const harness = await startSeveralApps({
    store: spoilt,
    limits: false,
    coolingOff: coolingOff / 1000,
    sms: {
      send: async ({ code }) => void sent.push(code),
      perAddressAnHour: plenty,
      perNumberAnHour: 60,
      perNumberADay: 100,
      perDay: plenty,
    },
    passwords: { argon2: { memory: 1_024, passes: 1 } },
  })
  const { simulator, login, send, advance, now } = harness
  const bind = (app: App, boundToOpenPlatform: boolean) =>
    void simulator.addApp({
      ...simulator.state().apps.find(({ appid }) => appid === apps[app]),
      boundToOpenPlatform,
    })
  let begun = 0

  return {
    begin(name) {
      begun += 1
      simulator.reset()
      // In half of the worlds one of the apps has unionids from the start.
      const bound = new Set<App>(begun % 2 === 0 ? ["shop"] : [])
      for (const app of twoApps) bind(app, bound.has(app))
      const people = [`alice ${name}`, `bob ${name}`] as const
      const number = `138${String(begun).padStart(8, "0")}`
      for (const person of people) simulator.addUser({ name: person, phone: number })
      let random = chances(0)
      const openids = new Map<Face, string>()
      return {
        login,
        send,
        simulator,
        store,
        people,
        address: `10.0.${begun >> 8}.${begun & 255}`,
        number: `+86${number}`,
        held: [],
        users: new Set(),
        merges: [],
        expected: {
          owners: new Map(),
          withUnionid: new Set(),
          unionidOwners: new Map(),
          phones: new Map(),
          live: new Set(),
          survivors: new Map(),
          leaving: new Set(),
          gone: new Set(),
        },
        bound,
        bind(app) {
          bound.add(app)
          bind(app, true)
        },
        advance,
        now,
        draw: values => values[Math.floor(random() * values.length)] as (typeof values)[number],
        reseed(seed) {
          random = chances(seed)
        },
        async digits(purpose, token) {
          advance(betweenMessages)
          const body = { phone: `+86${number}`, purpose }
          const answer = await send("POST", "/sms", { body, ...(token !== undefined && { token }) })
          if (answer.status !== 200) throw new Error(`digits are answered ${answer.status} ${answer.text}`)
          return { sms_id: answer.body.sms_id, code: sent.at(-1) ?? "" }
        },
        code: face => simulator.issueCode({ appid: appidOf(face), user: personOf(face) }),
        openidOf(face) {
          const known = openids.get(face)
          if (known !== undefined) return known
          const user = simulator.state().users.find(({ name: other }) => other === personOf(face))
          const openid = user?.openids[appidOf(face)]
          if (openid !== undefined) openids.set(face, openid)
          return openid
        },
      }
    },
    async close() {
      await harness.close()
      await store.close()
    },
  }
}

export const appidOf = (face: Face) => apps[appOf(face)]
/** The app of a face; of one that stands behind no code the one that such sessions count as. */
export const appOf = (face: Face): App => (face.startsWith("club ") ? "club" : "shop")
export const isIdentity = (face: Face) => twoApps.some(app => face.startsWith(`${app} `))
export const smsFace = (phone: string): Face => `sms ${phone}`
export const passwordFace = (person: string): Face => `password ${accountOf(person)}`
export const accountOf = (person: string) => person.replace(" ", "")
export const personOf = (face: Face) => face.slice(face.indexOf(" ") + 1)
export const faceOf = (app: App, person: string): Face => `${app} ${person}`
