import { launchScenes, type ScanBy } from "../drawn-codes.ts"
import type { FaultKind } from "../faults.ts"
import type { PushSettings } from "../push/push.ts"
import type { AppKind, OauthScope } from "../world.ts"
import type { Body, ControlRoute } from "./control-route.ts"
import { platformRoutes } from "./platform-routes.ts"

const appKinds: readonly AppKind[] = ["mini_program", "website", "official_account"]
const oauthScopes: readonly OauthScope[] = ["snsapi_base", "snsapi_userinfo", "snsapi_login"]

/** Everything that can be steered over HTTP. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: "POST",
    name: "code",
    does: "a code as wx.login() gets it: good once, for five minutes",
    example: '{"user":"alice"}',
    run: (simulator, body) => ({ code: simulator.issueCode(person(body)) }),
  },
  {
    method: "POST",
    name: "phone-code",
    does: "a code as the getPhoneNumber button gets it",
    example: '{"user":"alice"}',
    run: (simulator, body) => ({ code: simulator.issuePhoneCode(person(body)) }),
  },
  {
    method: "POST",
    name: "phone-quota",
    does: "how many phone-number codes the app may still get; with left sets it, null for no end",
    example: '{"left":0}',
    run: (simulator, { appid, left }) => {
      const app = appid === undefined ? {} : { appid: String(appid) }
      if (left !== undefined) {
        if (left !== null && !(Number.isSafeInteger(left) && (left as number) >= 0))
          throw new TypeError("left must be a whole number, or null")
        simulator.setPhoneQuota({ ...app, left: left as number | null })
      }
      return { has_quota: simulator.hasPhoneQuota({ ...app, user: "" }) }
    },
  },
  {
    method: "POST",
    name: "encrypt",
    does: "encryptedData, iv, rawData and signature under the person's session_key",
    example: '{"user":"alice","data":{"openGId":"tGID"}}',
    run: (simulator, body) => {
      const { data } = body
      if (data !== undefined && (typeof data !== "object" || data === null))
        throw new TypeError("data must be an object")
      return simulator.encryptData({
        ...person(body),
        ...(data === undefined ? {} : { data: data as object }),
      })
    },
  },
  {
    method: "POST",
    name: "user-key",
    does: "the key that wx.getUserCryptoManager() gives the person's phone",
    example: '{"user":"alice"}',
    run: (simulator, body) => simulator.userKey(person(body)),
  },
  {
    method: "POST",
    name: "scan",
    does: "what a phone opens that scans a mini program code: its image as a data URL or base64, else the latest code; null if it is none",
    example: '{"by":"camera"}',
    run: (simulator, { image, by = "camera" }) => {
      if (image !== undefined && typeof image !== "string") throw new TypeError("image must be a text")
      if (typeof by !== "string" || !Object.hasOwn(launchScenes, by))
        throw new TypeError(`by must be one of ${Object.keys(launchScenes).join(", ")}`)
      const picture = image && { image: Buffer.from(image.replace(/^data:[^,]*,/, ""), "base64") }
      return { launch: simulator.scanCode({ ...picture, by: by as ScanBy }) ?? null }
    },
  },
  {
    method: "POST",
    name: "rotate-session-key",
    does: "gives the person a new session_key, as a login on another device would",
    example: '{"user":"alice"}',
    run: (simulator, body) => {
      simulator.rotateSessionKey(person(body))
      return { rotated: true }
    },
  },
  {
    method: "POST",
    name: "faults",
    does: "switches a fault on",
    example: '{"kind":"slow","endpoint":"jscode2session","times":1,"delayMs":5000,"afterConsume":true}',
    run: (simulator, { kind, endpoint, times, afterConsume, errcode, delayMs }) => {
      simulator.faults.add({
        kind: kind as FaultKind,
        ...(endpoint === undefined ? {} : { endpoint: String(endpoint) }),
        ...(times === undefined ? {} : { times: Number(times) }),
        ...(afterConsume === undefined ? {} : { afterConsume: afterConsume === true }),
        ...(errcode === undefined ? {} : { errcode: Number(errcode) }),
        ...(delayMs === undefined ? {} : { delayMs: Number(delayMs) }),
      })
      return { faults: simulator.faults.list() }
    },
  },
  {
    method: "GET",
    name: "faults",
    does: "the faults that are switched on",
    example: "(no body)",
    run: simulator => ({ faults: simulator.faults.list() }),
  },
  {
    method: "DELETE",
    name: "faults",
    does: "switches all faults off",
    example: "(no body)",
    run: simulator => {
      simulator.faults.clear()
      return { faults: [] }
    },
  },
  {
    method: "POST",
    name: "push",
    does: "pushes an event to a login server, signed, and encrypted if there is an encodingAesKey; where to is remembered",
    example:
      '{"user":"alice","event":"user_authorization_revoke","url":"http://127.0.0.1:3000/wechat/push/wxsim0000000000001","token":"token"}',
    run: (simulator, body) => ({ push: simulator.startPush(pushSettings(body)) }),
  },
  {
    method: "GET",
    name: "pushes",
    does: "the latest pushes, and what became of them",
    example: "(no body)",
    run: simulator => ({ pushes: simulator.pushes() }),
  },
  {
    method: "POST",
    name: "clock",
    does: "moves the clock forward by so many seconds",
    example: '{"advance":301}',
    run: (simulator, { advance }) => {
      if (typeof advance !== "number") throw new TypeError("advance must be a number of seconds")
      simulator.clock.advance(advance * 1000)
      return { now: simulator.clock.now() }
    },
  },
  {
    method: "POST",
    name: "users",
    does: "adds a person; speaking of one is enough otherwise",
    example: '{"name":"alice","phone":"13800138000"}',
    run: (simulator, { name, phone, countryCode }) => ({
      user: simulator.addUser({
        name: name as string,
        ...(phone === undefined ? {} : { phone: String(phone) }),
        ...(countryCode === undefined ? {} : { countryCode: String(countryCode) }),
      }),
    }),
  },
  {
    method: "POST",
    name: "apps",
    does: "adds a mini program, a website or an official account",
    example: '{"appid":"wxsim0000000000002","kind":"website","boundToOpenPlatform":false}',
    run: (simulator, { appid, secret, kind, boundToOpenPlatform, openPlatform }) => {
      if (kind !== undefined && !appKinds.includes(kind as AppKind))
        throw new TypeError(`kind is one of ${appKinds.join(", ")}`)
      return {
        app: simulator.addApp({
          ...(appid === undefined ? {} : { appid: String(appid) }),
          ...(secret === undefined ? {} : { secret: String(secret) }),
          ...(kind === undefined ? {} : { kind: kind as AppKind }),
          ...(boundToOpenPlatform === undefined ? {} : { boundToOpenPlatform: boundToOpenPlatform === true }),
          ...(openPlatform === undefined ? {} : { openPlatform: String(openPlatform) }),
        }),
      }
    },
  },
  {
    method: "POST",
    name: "oauth-code",
    does: "the code with which a website's or an official account's login comes back",
    example: '{"appid":"wxsim0000000000002","user":"alice","scope":"snsapi_userinfo","isSnapshotUser":false}',
    run: (simulator, body) => {
      const { scope, isSnapshotUser } = body
      if (scope !== undefined && !oauthScopes.includes(scope as OauthScope))
        throw new TypeError(`scope is one of ${oauthScopes.join(", ")}`)
      return {
        code: simulator.issueOauthCode({
          ...person(body),
          ...(scope === undefined ? {} : { scope: scope as OauthScope }),
          isSnapshotUser: isSnapshotUser === true,
        }),
      }
    },
  },
  ...platformRoutes,
  {
    method: "GET",
    name: "state",
    does: "apps with their secrets, people, faults, the time",
    example: "(no body)",
    run: simulator => simulator.state(),
  },
  {
    method: "GET",
    name: "calls",
    does: "the latest calls",
    example: "(no body)",
    run: simulator => ({ calls: simulator.calls }),
  },
  {
    method: "POST",
    name: "reset",
    does: "forgets people, codes, tokens, calls and faults; apps stay",
    example: "(no body)",
    run: simulator => {
      simulator.reset()
      return { reset: true }
    },
  },
]

function pushSettings(body: Body): PushSettings {
  const { event, url, token, encodingAesKey, format, fields, waitMs, pauseMs, copies } = body
  const texts = { url, token, encodingAesKey, format }
  for (const [name, value] of Object.entries({ ...texts, event }))
    if (value !== undefined && typeof value !== "string") throw new TypeError(`${name} must be a text`)
  if (fields !== undefined && (typeof fields !== "object" || fields === null))
    throw new TypeError("fields must be an object")
  const given = Object.entries({ ...texts, fields, waitMs, pauseMs, copies }).filter(
    ([, value]) => value !== undefined,
  )
  return { ...person(body), event: String(event), ...Object.fromEntries(given) }
}

function person({ appid, user }: Body): { readonly user: string; readonly appid?: string } {
  if (typeof user !== "string" || user === "" || user.length > 200)
    throw new TypeError("user must be a name of 1 to 200 characters")
  if (appid !== undefined && typeof appid !== "string") throw new TypeError("appid must be a text")
  return appid === undefined ? { user } : { user, appid }
}
