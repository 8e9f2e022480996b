import type { ConformanceCase } from "../conformance-case.ts"
import { holds } from "../holds.ts"
import { mustHappen, mustNot, mustSettle, outcomeOf } from "../outcome.ts"
import { problem } from "../pretend-server.ts"
import { defineCase } from "../stage.ts"

const handsOver = (status: number, why: string) =>
  defineCase(`A ${status} is handed to the caller with its body, without a new login`, why, async stage => {
    const client = await stage.openLoggedIn()
    stage.network.fail("/orders", problem(status, "shop_closed", "Closed until Monday"))
    const outcome = await stage.ask(client)
    mustSettle([outcome])
    mustHappen("POST /login", stage.logins(), 1)
    mustHappen("POST /refresh", stage.refreshes(), 0)
    mustNot(!holds(outcome, "Closed until Monday"), "the body did not reach the caller")
  })

export const requestRules: readonly ConformanceCase[] = [
  defineCase(
    "A POST whose answer was lost is not sent twice",
    "The server may have done it. A second time is a second order.",
    async stage => {
      const client = await stage.openLoggedIn()
      stage.network.fail("/orders", "lost", 1)
      mustSettle([await outcomeOf(() => client.request({ url: "/orders", method: "POST", data: {} }))])
      mustHappen("POST /orders", stage.asked("POST"), 1)
    },
  ),
  handsOver(403, "A 403 is about what was asked for, not about who asks. The page wants to say why."),
  handsOver(500, "A server that is down is not helped by ten thousand logins. The page wants to say why."),
]
