import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { endWithUs } from "./children.ts"
import { busySeconds, cpuSeconds, treeSeconds } from "./cpu.ts"

export interface Load {
  /** One wrk for each: of several servers that are measured together. */
  readonly urls: readonly string[]
  /** File below `bench/src/measure`. */
  readonly script: string
  /** To each of the URLs. */
  readonly connections: number
  readonly seconds: number
  /** May differ from URL to URL. */
  readonly env: (index: number) => Readonly<Record<string, string>>
  /** Processes that are part of the measurement, by what they are: their CPU is not foreign. */
  readonly own: Readonly<Record<string, readonly number[]>>
}

export interface Window {
  readonly perSecond: number
  readonly requests: number
  readonly p50: number
  readonly p99: number
  /** Answers other than 2xx, and socket errors. */
  readonly errors: number
  /** Cores that each kind of process used; `load` is wrk. */
  readonly cores: Readonly<Record<string, number>>
  /** Microseconds of CPU that each kind of process used for one request. */
  readonly micros: Readonly<Record<string, number>>
  /** Cores that processes used which have nothing to do with the measurement. */
  readonly foreign: number
}

/** Runs wrk on cpu 1 for one window. @throws Error if wrk fails */
export async function measure(load: Load): Promise<Window> {
  const accounts = Object.entries(load.own)
  const read = () => accounts.map(([, pids]) => treeSeconds(pids))
  const before = { busy: busySeconds(), own: read(), self: cpuSeconds(process.pid), at: performance.now() }
  const runs = await Promise.all(load.urls.map((url, index) => runWrk(load, url, load.env(index))))
  const elapsed = (performance.now() - before.at) / 1000
  const own = read().map((seconds, index) => seconds - (before.own[index] ?? 0))
  const wrkSeconds = runs.reduce((sum, { cpu }) => sum + cpu, 0)
  const seconds = new Map([
    ...accounts.map(([name], index) => [name, own[index] ?? 0] as const),
    ["load", wrkSeconds],
  ])
  const known = [...seconds.values()].reduce((sum, one) => sum + one, cpuSeconds(process.pid) - before.self)
  const total = (pick: (run: WrkRun) => number) => runs.reduce((sum, run) => sum + pick(run), 0)
  const requests = total(run => run.requests)
  const per = (scale: number) => Object.fromEntries([...seconds].map(([name, one]) => [name, one * scale]))
  return {
    perSecond: total(run => run.perSecond),
    requests,
    p50: total(run => run.p50) / runs.length,
    p99: Math.max(...runs.map(run => run.p99)),
    errors: total(run => run.errors),
    cores: per(1 / elapsed),
    micros: per(1e6 / Math.max(1, requests)),
    foreign: Math.max(0, (busySeconds() - before.busy - known) / elapsed),
  }
}

interface WrkRun extends Pick<Window, "perSecond" | "requests" | "p50" | "p99" | "errors"> {
  /** Seconds. */
  readonly cpu: number
}

async function runWrk(load: Load, url: string, env: Readonly<Record<string, string>>): Promise<WrkRun> {
  const path = fileURLToPath(new URL(load.script, import.meta.url))
  const child = spawn(
    "taskset",
    [..."-c 1 wrk -t1 --latency".split(" "), `-c${load.connections}`, `-d${load.seconds}s`, "-s", path, url],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } },
  )
  endWithUs(child)
  let output = ""
  let cpu = 0
  child.stdout.on("data", chunk => {
    output += chunk
  })
  const sampling = setInterval(() => {
    if (child.exitCode === null) cpu = cpuSeconds(child.pid as number)
  }, 50)
  const [status] = await once(child, "close")
  clearInterval(sampling)
  if (status !== 0 || !output.includes("Requests/sec:")) throw new Error(`wrk failed on ${url}:\n${output}`)
  return { ...readWrk(output), cpu }
}

function readWrk(output: string): Omit<WrkRun, "cpu"> {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)
  const ms = (percent: string) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? []
    return Number(value) * (unit === "us" ? 0.001 : unit === "s" ? 1000 : 1)
  }
  const socketErrors = [...(/Socket errors:(.*)/.exec(output)?.[1] ?? "").matchAll(/\d+/g)]
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p50: ms("50"),
    p99: ms("99"),
    errors:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      socketErrors.reduce((sum, [count]) => sum + Number(count), 0),
  }
}
