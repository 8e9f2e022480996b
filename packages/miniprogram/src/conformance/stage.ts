import {
  type ConformanceCase,
  type ConformanceClient,
  ConformanceFailure,
  type ConformanceNeed,
  type CreateConformanceClient,
} from "./conformance-case.ts"
import { mustBeServed, type Outcome, outcomeOf } from "./outcome.ts"
import { baseUrl, createPretendNetwork, type PretendNetwork } from "./pretend-network.ts"
import { createPretendServer, type PretendServer } from "./pretend-server.ts"
import { createPretendStorage, type PretendStorage } from "./pretend-storage.ts"
import { createPretendTime, type PretendTime } from "./pretend-time.ts"
import { createPretendPlatform, type PretendPlatform } from "./pretend-wx.ts"

/** A world with one mini program in it. */
export interface Stage {
  readonly server: PretendServer
  readonly network: PretendNetwork
  readonly storage: PretendStorage
  readonly platform: PretendPlatform
  /** Starts the mini program, anew if it was started before. */
  open(): ConformanceClient
  /** Starts it and sends one request, so that it is logged in. */
  openLoggedIn(): Promise<ConformanceClient>
  /** Sends one `GET /orders` and waits how it ends. Each asks for another page: some clients send the same thing once. */
  ask(client: ConformanceClient): Promise<Outcome>
  /** Sends some at once. */
  askTogether(client: ConformanceClient, count: number): Promise<readonly Outcome[]>
  /** How many business calls arrived, whatever they were answered. @param method default is GET */
  asked(method?: "GET" | "POST"): number
  /** How often codes were sent. */
  logins(): number
  /** How often refresh tokens were sent. */
  refreshes(): number
}

/** Milliseconds a client waits for an answer. Short, so that a case takes a second. */
const timeoutMs = 150

function createStage(create: CreateConformanceClient, time: PretendTime): Stage {
  const server = createPretendServer()
  const network = createPretendNetwork(server, time)
  const storage = createPretendStorage()
  const platform = createPretendPlatform(server, network, storage, time)
  let page = 0
  const open = () => create({ platform: platform.wx, baseUrl, timeoutMs })
  const ask = (client: ConformanceClient) => {
    const url = `/orders?page=${++page}`
    return outcomeOf(() => client.request({ url }))
  }
  return {
    server,
    network,
    storage,
    platform,
    open,
    async openLoggedIn() {
      const client = open()
      mustBeServed([await ask(client)])
      return client
    },
    ask,
    askTogether: (client, count) => Promise.all(Array.from({ length: count }, () => ask(client))),
    asked: (method = "GET") => server.arrived("/orders").filter(call => call.method === method).length,
    logins: () => server.arrived("/login").length,
    refreshes: () => server.arrived("/refresh").length,
  }
}

/** A case of the suite. @param play throws a ConformanceFailure where the rule is broken */
export function defineCase(
  name: string,
  why: string,
  play: (stage: Stage) => Promise<void>,
  needs?: ConformanceNeed,
): ConformanceCase {
  return {
    name,
    why,
    ...(needs && { needs }),
    async run(create) {
      const time = createPretendTime()
      try {
        await play(createStage(create, time))
      } finally {
        time.end()
      }
    },
  }
}

/** Taps on one of the two, if the client has it. @throws ConformanceFailure if it has not */
export function tap(client: ConformanceClient, what: "login" | "logout"): Promise<Outcome> {
  const action = client[what]
  if (!action) throw new ConformanceFailure(`has no ${what}`)
  return outcomeOf(() => action.call(client))
}

/** Waits until something has happened, a second at most. @throws ConformanceFailure if it has not */
export async function until(what: string, happened: () => boolean): Promise<void> {
  for (let tries = 200; !happened(); ) {
    if (--tries < 0) throw new ConformanceFailure(`${what}: never`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
