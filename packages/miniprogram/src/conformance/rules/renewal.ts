import type { ConformanceCase } from "../conformance-case.ts"
import { mustBeRefused, mustBeServed, mustHappen, mustNot, mustSettle, outcomeOf } from "../outcome.ts"
import type { Fault } from "../pretend-network.ts"
import { field, problem } from "../pretend-server.ts"
import { defineCase, type Stage, until } from "../stage.ts"

/** How often a session was fetched or renewed since the first login. */
const renewals = (stage: Stage) => stage.refreshes() + stage.logins() - 1

const keepsSessionThrough = (what: string, why: string, fault: Fault) =>
  defineCase(
    `A renewal that ${what} keeps the session`,
    why,
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      stage.network.fail("/refresh", fault)
      mustSettle([await stage.ask(client)])
      stage.network.heal()
      mustBeServed([await stage.ask(client)])
      mustHappen("POST /login", stage.logins(), 1)
      mustNot(stage.refreshes() === 0, "the session was not renewed by its refresh token")
    },
    "refresh tokens",
  )

export const renewalRules: readonly ConformanceCase[] = [
  defineCase(
    "An expired access token is renewed without wx.login",
    "wx.login changes WeChat's session_key under everything that is being decrypted with it.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      mustBeServed([await stage.ask(client)])
      mustHappen("wx.login", stage.platform.logins, 1)
      mustHappen("POST /refresh", stage.refreshes(), 1)
    },
    "refresh tokens",
  ),
  defineCase(
    "Ten requests that meet a 401 together cause one renewal",
    "A mini program that comes back after an hour asks for many things at once. With rotating tokens the second renewal looks like theft.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      mustBeServed(await stage.askTogether(client, 10))
      mustHappen("renewal", renewals(stage), 1)
    },
  ),
  defineCase(
    "A late 401 for an old token does not throw away the new session",
    "A slow answer speaks of the token it was asked with. Who does not compare throws away a good session.",
    async stage => {
      const client = await stage.openLoggedIn()
      const before = stage.asked()
      stage.server.expireAccess()
      const release = stage.network.hold("/orders")
      const late = stage.ask(client)
      await until("GET /orders", () => stage.asked() > before)
      const quick = await stage.ask(client)
      release()
      mustBeServed([quick, await late, await stage.ask(client)])
      mustHappen("renewal", renewals(stage), 1)
    },
  ),
  defineCase(
    "When the answer to a renewal is lost, the same refresh token is sent again",
    "The server repeats its answer for a while, so that nobody who was in a tunnel is logged out.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      stage.network.fail("/refresh", "lost", 1)
      mustSettle([await stage.ask(client)])
      mustBeServed([await stage.ask(client)])
      const sent = stage.server.arrived("/refresh").map(({ data }) => field(data, "refresh_token"))
      mustNot(stage.logins() > 1, "logged in anew")
      mustNot(sent.length < 2 || sent[0] !== sent[1], "the same refresh token was not sent again")
      mustNot(stage.server.suspicions.length > 0, "the server took it for theft and ended the session")
    },
    "refresh tokens",
  ),
  keepsSessionThrough(
    "did not get through",
    "No network says nothing about the session. Who logs out then needs the network all the more.",
    "unreachable",
  ),
  keepsSessionThrough(
    "is answered 503",
    "A server that restarts says nothing about the session. If all log in anew then, it does not get up again.",
    problem(503, "store_unavailable"),
  ),
  defineCase(
    "Ten requests that meet a 401 together are all told when the renewal is never answered",
    "Who is not told shows a spinner for ever.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      stage.network.fail("/refresh", "unanswered")
      stage.network.fail("/login", "unanswered")
      mustBeRefused(await stage.askTogether(client, 10))
    },
  ),
  defineCase(
    "A refused renewal becomes one login",
    "After weeks away the refresh token is too old. The code of wx.login still works, and nobody needs to notice.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      stage.server.expireRefresh()
      mustBeServed(await stage.askTogether(client, 10))
      mustHappen("wx.login", stage.platform.logins, 2)
      mustHappen("POST /login", stage.logins(), 2)
    },
  ),
  defineCase(
    "Two 401s in a row end in an error",
    "A server with a wrong clock refuses every token. A client that goes round in circles takes it down.",
    async stage => {
      const client = await stage.openLoggedIn()
      const before = stage.asked()
      stage.network.fail("/orders", problem(401, "token_expired"))
      const outcome = await stage.ask(client)
      const tries = stage.asked() - before
      mustNot(tries > 2, `the request was sent ${tries} times`)
      mustBeRefused([outcome])
    },
  ),
  defineCase(
    "A POST that met a 401 is sent again once, with its body",
    "The 401 says that nothing was done. Without a second try the person taps again, with a third they order twice.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.server.expireAccess()
      const data = { tea: "oolong" }
      mustBeServed([await outcomeOf(() => client.request({ url: "/orders", method: "POST", data }))])
      const bodies = stage.server.executed
        .filter(({ method }) => method === "POST")
        .map(call => field(call.data, "tea"))
      mustHappen("order", bodies.length, 1)
      mustNot(bodies[0] !== "oolong", "the body was not the same")
      mustHappen("POST /orders", stage.asked("POST"), 2)
    },
  ),
]
