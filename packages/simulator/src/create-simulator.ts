import { createHash } from "node:crypto"
import { createClock } from "./clock.ts"
import { answerControl } from "./control/control.ts"
import { createDrawnCodes } from "./drawn-codes.ts"
import type { Call } from "./endpoints/endpoint.ts"
import { endpoints } from "./endpoints/endpoints.ts"
import { applyFault, createFaults, type Wire } from "./faults.ts"
import { encryptOpenData } from "./open-data.ts"
import { createPlatformDesk } from "./platform/platform-desk.ts"
import { createPushDesk } from "./push/push-desk.ts"
import type { Reply } from "./reply.ts"
import type { PlainRequest, RecordedCall, Simulator, SimulatorOptions } from "./simulator.ts"
import { createTokenDesk } from "./token-desk.ts"
import { latestUserKey } from "./user-key.ts"
import { World } from "./world.ts"

const callsKept = 1_000

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const time = createClock(options.now)
  const clock = {
    ...time,
    advance(ms: number) {
      time.advance(ms)
      platforms.tick()
    },
  }
  const world = new World({ clock, rotateSessionKeyAfterMs: options.rotateSessionKeyAfterMs ?? 300_000 })
  const tokens = createTokenDesk(clock)
  const faults = createFaults()
  const drawn = createDrawnCodes()
  const desk = createPushDesk({ world, clock, fetch: options.fetch ?? globalThis.fetch })
  const platforms = createPlatformDesk({ world, tokens, pushes: desk, clock })
  const calls: RecordedCall[] = []
  let callCount = 0
  for (const app of options.apps ?? [{}]) world.addApp(app)
  for (const user of options.users ?? []) world.addUser(user)
  for (const platform of options.platforms ?? []) platforms.add(platform)

  function record(call: RecordedCall): void {
    callCount += 1
    calls.push(call)
    if (calls.length > callsKept) calls.shift()
  }

  function answer({ method, url, body, origin }: PlainRequest): Wire {
    if (!isLoopback(url.hostname))
      return plain(403, { error: "this WeChat is a pretend one and answers loopback addresses only" })
    if (url.pathname.startsWith("/__simulator__"))
      return answerControl(simulator, { method, path: url.pathname, body, origin })
    const endpoint = endpoints.find(({ path }) => path === url.pathname)
    if (endpoint === undefined) return plain(404, { error: `not simulated: ${url.pathname}` })
    if (!endpoint.methods.includes(method))
      return plain(405, { error: `${endpoint.path} takes ${endpoint.methods.join(" and ")}` })
    const call: Call = { method, query: url.searchParams, body, world, tokens, drawn, platforms, clock }
    const fault = faults.take(endpoint.name)
    const wire =
      fault === undefined
        ? ({ kind: "reply", reply: endpoint.answer(call), status: 200, delayMs: 0 } as const)
        : applyFault(fault, endpoint.family, clock.now(), () => endpoint.answer(call))
    record({
      endpoint: endpoint.name,
      at: clock.now(),
      appid: url.searchParams.get("appid"),
      errcode: wire.kind === "reply" && fault === undefined ? wire.reply.errcode : null,
      fault: fault?.kind ?? null,
    })
    return wire
  }

  const simulator: Simulator = {
    answer,
    async fetch(request) {
      const wire = answer({
        method: request.method,
        url: new URL(request.url),
        body: request.body === null ? "" : await request.text(),
        origin: request.headers.get("origin"),
      })
      // What a socket would do, in the words of fetch.
      if (wire.kind === "reset")
        throw new TypeError("fetch failed", {
          cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
        })
      if (wire.kind === "truncated") return toResponse(cutInHalf(wire.reply), 200)
      if (wire.delayMs > 0) await sleep(wire.delayMs, request.signal)
      return toResponse(wire.reply, wire.status)
    },
    issueCode: ({ appid, user }) => world.issueLoginCode(appid, user),
    issueOauthCode: ({ appid, user, ...agreed }) => world.issueOauthCode(appid, user, agreed),
    issuePhoneCode: ({ appid, user }) => world.issuePhoneCode(appid, user),
    rotateSessionKey: ({ appid, user }) => world.rotateSessionKey(world.membership(appid, user)),
    setPhoneQuota: ({ appid, left }) => {
      world.app(appid).phoneQuota = left
    },
    encryptData({ appid, user, data }) {
      const member = world.membership(appid, user)
      const made = encryptOpenData(member, clock.now(), data)
      if (data !== undefined && "phoneNumber" in data)
        world.phoneData.remember(
          member.app.appid,
          createHash("sha256").update(made.encryptedData).digest("hex"),
        )
      return made
    },
    hasPhoneQuota: ({ appid }) => world.app(appid).phoneQuota !== 0,
    push: async settings => desk.send(settings).done,
    startPush: settings => desk.send(settings).number,
    pushes: () => desk.list(),
    userKey: ({ appid, user }) => latestUserKey(world, world.membership(appid, user)),
    scanCode: ({ image, by = "camera" } = {}) => drawn.scan(image, by),
    clock,
    faults,
    calls,
    addApp: settings => world.addApp(settings),
    addUser: settings => world.addUser(settings),
    addPlatform: settings => platforms.add(settings),
    pushTicket: name => platforms.pushTicket(name),
    authorize: settings => platforms.authorize(settings),
    unauthorize: settings => platforms.unauthorize(settings),
    state: () => ({
      now: clock.now(),
      apps: [...world.apps.values()],
      users: [...world.users.values()].map(user => {
        const memberships = world.memberships().filter(entry => entry.user.name === user.name)
        return {
          ...user,
          unionid: memberships.find(entry => entry.unionid !== undefined)?.unionid ?? null,
          openids: Object.fromEntries(memberships.map(({ app, openid }) => [app.appid, openid])),
        }
      }),
      platforms: platforms.list(),
      faults: faults.list(),
      calls: callCount,
    }),
    reset() {
      world.reset()
      tokens.reset()
      faults.clear()
      drawn.reset()
      desk.reset()
      platforms.reset()
      calls.length = 0
      callCount = 0
    },
  }
  return simulator
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function plain(status: number, value: object): Wire {
  const reply = { contentType: "application/json; charset=utf-8", body: JSON.stringify(value), errcode: 0 }
  return { kind: "reply", reply, status, delayMs: 0 }
}

function toResponse({ contentType, body }: Reply, status: number): Response {
  return new Response(body, { status, headers: { "content-type": contentType } })
}

function cutInHalf(reply: Reply): Reply {
  return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort)
      resolve()
    }, ms)
    if (signal.aborted) abort()
    else signal.addEventListener("abort", abort, { once: true })
  })
}
