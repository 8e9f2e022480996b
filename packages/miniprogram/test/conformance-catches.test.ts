import { createLogin } from "@denglu/miniprogram"
import {
  type ConformanceClient,
  type ConformanceSetting,
  conformance,
  type PretendWx,
  runConformance,
} from "@denglu/miniprogram/conformance"
import { expect, test } from "vitest"

/** Ours, spoilt in one place: every rule of the suite has to notice who breaks it. */
type Spoil = (setting: ConformanceSetting) => ConformanceClient

const sound = ({ platform, baseUrl, timeoutMs }: ConformanceSetting): Required<ConformanceClient> =>
  createLogin({ platform, baseUrl, timeout: timeoutMs })

interface Sent {
  readonly url: string
  readonly method?: string
  readonly data?: unknown
  readonly header: { readonly Authorization?: string }
  success(response: object): void
}

/** Ours on a platform that is spoilt. */
const onPlatform =
  (change: (wx: PretendWx) => Partial<PretendWx>): Spoil =>
  setting =>
    sound({ ...setting, platform: { ...setting.platform, ...change(setting.platform) } })

/** Ours with its requests spoilt. */
const withRequest =
  (
    change: (
      request: ConformanceClient["request"],
      setting: ConformanceSetting,
    ) => ConformanceClient["request"],
  ): Spoil =>
  setting => {
    const client = sound(setting)
    return { ...client, request: change(client.request, setting) }
  }

/** Ours with its logout or its login spoilt. */
const withTap =
  (change: (client: Required<ConformanceClient>) => Partial<ConformanceClient>): Spoil =>
  setting => {
    const client = sound(setting)
    return { ...client, ...change(client) }
  }

const never = new Promise<never>(() => {})
const hangs = withRequest(request => options => request(options).catch(() => never))
const forgets = onPlatform(() => ({ getStorageSync: () => "" }))
/** A client a request, as pages have it that don't share one. */
const isManyOverOneStorage: Spoil = setting => ({ request: options => sound(setting).request(options) })
const isMany: Spoil = setting => ({ request: options => forgets(setting).request(options) })

const remembersItsFailure = withRequest(request => {
  let failure: unknown
  return async options => {
    if (failure) throw failure
    return request(options).catch(error => {
      failure = error
      throw error
    })
  }
})

const keepsTheCode = onPlatform(wx => {
  let kept: { code: string } | undefined
  return {
    login: options =>
      kept
        ? options.success?.(kept)
        : wx.login({
            ...options,
            success(result) {
              kept = result
              options.success?.(result)
            },
          }),
  }
})

const refused = { statusCode: 401, data: { code: "token_invalid" } }
const canNotRefresh = onPlatform(wx => ({
  request: (sent: Sent) => (/refresh$/.test(sent.url) ? sent.success(refused) : wx.request(sent)),
}))

const goesRoundInCircles = withRequest(request => {
  const again: ConformanceClient["request"] = options =>
    request(options).catch(error => {
      if (error.status === 401) return again(options)
      throw error
    })
  return again
})

const losesTheBody = onPlatform(wx => {
  let posts = 0
  return {
    request(sent: Sent) {
      const isOrder = sent.method === "POST" && /orders$/.test(sent.url)
      return wx.request(isOrder && ++posts > 1 ? { ...sent, data: {} } : sent)
    },
  }
})

const triesAgain = withRequest(request => options => request(options).catch(() => request(options)))
const saysNothing = withRequest(
  request => options =>
    request(options).catch(() => {
      throw new Error("Something went wrong")
    }),
)

const logsOutInWordsOnly = withTap(() => ({ logout: async () => {} }))
const comesBackByItself = withTap(({ login, logout }) => ({ logout: () => logout().then(login) }))
const doesNotComeBack = withTap(() => ({ login: async () => {} }))

const needsItsStorage = withRequest((request, { platform }) => async options => {
  platform.setStorageSync("visits", 1)
  return request(options)
})
const trustsItsStorage = withRequest((request, { platform }) => async options => {
  for (const key of platform.getStorageInfoSync().keys) {
    const kept = platform.getStorageSync(key) as { session: { access_token: string } }
    if (kept.session.access_token.length === 0) throw new Error("nobody")
  }
  return request(options)
})

/** Sends its token to whatever begins like this. */
function sendsItsTokenTo(start: string): Spoil {
  return setting => {
    const { platform } = setting
    let header = {}
    const client = onPlatform(wx => ({
      request(sent: Sent) {
        header = sent.header
        return wx.request(sent)
      },
    }))(setting)
    return {
      request: options =>
        options.url.startsWith(start)
          ? new Promise((success, fail) => platform.request({ ...options, header, success, fail }))
          : client.request(options),
    }
  }
}

const printsWhatItSends = onPlatform(wx => ({
  request(sent: Sent) {
    console.info("request", sent)
    return wx.request(sent)
  },
}))

const spoilt: Readonly<Record<string, Spoil>> = {
  "Ten requests at a cold start make one wx.login and one POST /login": isMany,
  "Ten who wait for a login are all told when wx.login fails": hangs,
  "Ten who wait for a login are all told when wx.login never calls back": hangs,
  "Ten who wait for a login are all told when POST /login is never answered": hangs,
  "Ten who wait for a login are all told when POST /login is answered 500": hangs,
  "After a failed login the next request tries again": remembersItsFailure,
  "A code is sent once, also when the answer to it was lost": keepsTheCode,
  "A code is sent once, also when POST /login is answered 503": keepsTheCode,
  "An expired access token is renewed without wx.login": canNotRefresh,
  "Ten requests that meet a 401 together cause one renewal": isManyOverOneStorage,
  "A late 401 for an old token does not throw away the new session": isManyOverOneStorage,
  "When the answer to a renewal is lost, the same refresh token is sent again": canNotRefresh,
  "A renewal that did not get through keeps the session": canNotRefresh,
  "A renewal that is answered 503 keeps the session": canNotRefresh,
  "Ten requests that meet a 401 together are all told when the renewal is never answered": hangs,
  "A refused renewal becomes one login": isManyOverOneStorage,
  "Two 401s in a row end in an error": goesRoundInCircles,
  "A POST that met a 401 is sent again once, with its body": losesTheBody,
  "A POST whose answer was lost is not sent twice": triesAgain,
  "A 403 is handed to the caller with its body, without a new login": saysNothing,
  "A 500 is handed to the caller with its body, without a new login": saysNothing,
  "A logout during a login ends logged out": logsOutInWordsOnly,
  "A logout during a renewal ends logged out": logsOutInWordsOnly,
  "After a logout no request logs in by itself": comesBackByItself,
  "After a logout login() logs in again": doesNotComeBack,
  "Storage that throws does not stop a login": needsItsStorage,
  "Storage that is full does not stop a login": needsItsStorage,
  "A cold start with a kept session makes no login": forgets,
  "A broken value in storage is a fresh start": trustsItsStorage,
  "The token goes to no other server": sendsItsTokenTo("https://weather.example"),
  "The token goes to no server whose name begins like ours": sendsItsTokenTo("https://api.example."),
  "No code and no token is printed": printsWhatItSends,
}

test("every rule has a client that breaks it", () => {
  expect(Object.keys(spoilt)).toEqual(conformance.map(({ name }) => name))
})

for (const [name, create] of Object.entries(spoilt)) {
  test.concurrent(`who breaks it is noticed: ${name}`, async () => {
    const [result] = await runConformance(create, { only: [name] })
    expect(result).toMatchObject({ name, passed: false })
    expect(result?.seen).not.toMatch(/^threw/)
  })
}

test("a client without a logout is told so", async () => {
  const name = "After a logout login() logs in again"
  const results = await runConformance(isMany, { only: [name] })
  expect(results).toEqual([{ name, passed: false, seen: "has no logout" }])
})
