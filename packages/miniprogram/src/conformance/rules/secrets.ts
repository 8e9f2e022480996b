import { type ConformanceCase, ConformanceFailure } from "../conformance-case.ts"
import { holds } from "../holds.ts"
import { mustNot, mustSettle, outcomeOf } from "../outcome.ts"
import { baseUrl } from "../pretend-network.ts"
import { problem, secretMark } from "../pretend-server.ts"
import { defineCase } from "../stage.ts"

const sendsNoTokenTo = (name: string, url: string) =>
  defineCase(name, "Whoever gets a token is the user.", async stage => {
    const client = await stage.openLoggedIn()
    mustSettle([await outcomeOf(() => client.request({ url }))])
    mustNot(holds(stage.network.foreign, secretMark), "the token was sent along")
  })

interface Printed {
  readonly by: string
  readonly what: readonly unknown[]
}

/** Listens to the console while something is played, and answers what was printed. */
async function listenToConsole(play: () => Promise<unknown>): Promise<readonly Printed[]> {
  const printed: Printed[] = []
  const { debug, error, info, log, warn } = console
  for (const by of ["debug", "error", "info", "log", "warn"] as const)
    console[by] = (...what: readonly unknown[]) => void printed.push({ by, what })
  try {
    await play()
  } finally {
    Object.assign(console, { debug, error, info, log, warn })
  }
  return printed
}

export const secretRules: readonly ConformanceCase[] = [
  sendsNoTokenTo("The token goes to no other server", "https://weather.example/orders"),
  sendsNoTokenTo(
    "The token goes to no server whose name begins like ours",
    `${baseUrl}.elsewhere.example/orders`,
  ),
  defineCase(
    "No code and no token is printed",
    "What is printed is in the logs of WeChat's back end and in screenshots in chats.",
    async stage => {
      const printed = await listenToConsole(async () => {
        const client = await stage.openLoggedIn()
        stage.server.expireAccess()
        await stage.ask(client)
        stage.network.fail("/orders", problem(403, "shop_closed"), 1)
        await stage.ask(client)
        stage.server.expireAccess()
        stage.server.expireRefresh()
        stage.network.fail("/login", problem(500, "internal"))
        await stage.ask(client)
      })
      const found = printed.find(({ what }) => holds(what, secretMark))
      if (found) throw new ConformanceFailure(`console.${found.by} was given one`)
    },
  ),
]
