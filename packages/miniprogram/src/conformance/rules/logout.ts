import type { ConformanceCase, ConformanceClient } from "../conformance-case.ts"
import { mustBeRefused, mustBeServed, mustHappen, mustNot, mustSettle } from "../outcome.ts"
import { defineCase, type Stage, tap, until } from "../stage.ts"

/** Logs out while an answer of the login server is on its way; then nothing may be asked with what it brings. */
async function logOutMeanwhile(stage: Stage, client: ConformanceClient): Promise<void> {
  const fetched = () => stage.logins() + stage.refreshes()
  const before = fetched()
  // Who has no refresh token renews by a login.
  const releases = [stage.network.hold("/refresh"), stage.network.hold("/login")]
  const waiting = stage.ask(client)
  await until("POST /login or /refresh", () => fetched() > before)
  const leaving = tap(client, "logout")
  for (const release of releases) release()
  mustSettle([await leaving, await waiting])
  const executed = stage.server.executed.length
  const logins = stage.platform.logins
  mustSettle([await stage.ask(client)])
  // Who logs in anew breaks another rule.
  const anew = stage.platform.logins > logins
  mustNot(!anew && stage.server.executed.length > executed, "a request was carried out after the logout")
}

const handedOn = "On a phone that is handed on, the next person orders in the name of the one before."

const rules: readonly ConformanceCase[] = [
  defineCase("A logout during a login ends logged out", handedOn, stage =>
    logOutMeanwhile(stage, stage.open()),
  ),
  defineCase("A logout during a renewal ends logged out", handedOn, async stage => {
    const client = await stage.openLoggedIn()
    stage.server.expireAccess()
    await logOutMeanwhile(stage, client)
  }),
  defineCase(
    "After a logout no request logs in by itself",
    "wx.login needs no tap: who asks it behind the person's back has no logout at all.",
    async stage => {
      const client = await stage.openLoggedIn()
      mustSettle([await tap(client, "logout")])
      mustBeRefused([await stage.ask(client)])
      mustHappen("wx.login", stage.platform.logins, 1)
      mustHappen("request carried out", stage.server.executed.length, 1)
    },
  ),
  defineCase(
    "After a logout login() logs in again",
    "The person has tapped: now they are meant to come in.",
    async stage => {
      const client = await stage.openLoggedIn()
      mustSettle([await tap(client, "logout")])
      mustSettle([await tap(client, "login")])
      mustBeServed([await stage.ask(client)])
      mustHappen("POST /login", stage.logins(), 2)
    },
  ),
]

export const logoutRules = rules.map((rule): ConformanceCase => ({ ...rule, needs: "logout" }))
