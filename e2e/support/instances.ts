import { type StartedSimulator, startSimulator } from "@denglu/simulator"
import { type Child, startChild } from "./child.ts"

/** Several instances of the login server on one database, each a process, and the WeChat they ask. */
export interface Instances {
  readonly simulator: StartedSimulator
  readonly appid: string
  readonly ports: readonly number[]
  /** A fresh code of `wx.login()`. */
  code(person: string): string
  /** Ends an instance with the signal and starts it again at the same port. Answers the first one's exit code. */
  replace(index: number, signal: NodeJS.Signals): Promise<number | null>
  /** Sends a signal that ends nothing. */
  signal(index: number, signal: "SIGSTOP" | "SIGCONT"): void
  /** Whether every process that was started is still running. */
  running(): boolean
  close(): Promise<void>
}

/** By which they seal. */
export const instancesSecret = "5f3a9c1e7b2d4086-a1b2c3d4e5f60718-instances"

export interface InstancesOptions {
  readonly store: string
  readonly redis?: string
  readonly count: number
  readonly slowStore?: number
}

export async function startInstances(options: InstancesOptions): Promise<Instances> {
  const { count, ...rest } = options
  const simulator = await startSimulator({ port: 0 })
  const [app] = simulator.simulator.state().apps
  if (app === undefined) throw new Error("the simulator has no app")
  const start = async (port: number): Promise<readonly [Child, number]> => {
    const child = startChild("instance.ts", [
      JSON.stringify({
        port,
        apps: [{ appid: app.appid, secret: app.secret }],
        secret: instancesSecret,
        limits: { loginsPerAddress: 1_000_000, loginsPerApp: 1_000_000, refreshesPerAddress: 1_000_000 },
        wechat: { simulator: simulator.url },
        ...rest,
      }),
    ])
    return [child, Number((await child.printed(/listening (\d+)/))[1])]
  }
  const children: Child[] = []
  const ports: number[] = []
  for (let index = 0; index < count; index += 1) {
    const [child, port] = await start(0)
    children.push(child)
    ports.push(port)
  }
  return {
    simulator,
    appid: app.appid,
    ports,
    code: person => simulator.simulator.issueCode({ appid: app.appid, user: person }),
    async replace(index, signal) {
      const [exitCode] = await (children[index] as Child).end(signal)
      ;[children[index]] = [(await start(ports[index] as number))[0]]
      return exitCode
    },
    signal: (index, signal) => void (children[index] as Child).process.kill(signal),
    running: () =>
      children.every(({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null),
    async close() {
      await Promise.all(children.map(child => child.end("SIGTERM")))
      await simulator.close()
    },
  }
}

/** A reply, its body read. */
export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: stories look into replies of every shape
  readonly body: any
  readonly retryAfter: string | null
}

export async function post(url: string, body: unknown, token?: string, deadline = 10_000): Promise<Reply> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(deadline),
  })
  return {
    status: response.status,
    body: await response.json(),
    retryAfter: response.headers.get("retry-after"),
  }
}

/** The size of a story: as CI has time for it, or as large as it is meant (`DENGLU_CAMPAIGN=1`). */
export function campaign(ci: number, whole: number): number {
  return process.env.DENGLU_CAMPAIGN === "1" ? whole : ci
}
