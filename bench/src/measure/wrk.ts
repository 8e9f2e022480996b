import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { endWithUs } from "./children.ts"
import { busySeconds, cpuSeconds } from "./cpu.ts"

export interface Load {
  readonly url: string
  /** File below `bench/src/measure`. */
  readonly script: string
  readonly connections: number
  readonly seconds: number
  readonly env: Readonly<Record<string, string>>
  /** Processes that are part of the measurement: their CPU is not foreign. */
  readonly own: readonly number[]
}

export interface Window {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Answers other than 2xx, and socket errors. */
  readonly errors: number
  /** Cores that processes used which have nothing to do with the measurement. */
  readonly foreign: number
}

/** Runs wrk on cpu 1 for one window. @throws Error if wrk fails */
export async function measure(load: Load): Promise<Window> {
  const { url, script, connections, seconds, env, own } = load
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(
    "taskset",
    ["-c", "1", "wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", path, url],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } },
  )
  endWithUs(child)
  let output = ""
  let wrkCpu = 0
  child.stdout.on("data", chunk => {
    output += chunk
  })
  const ownNow = () => own.reduce((sum, pid) => sum + cpuSeconds(pid), 0) + cpuSeconds(process.pid)
  const before = { busy: busySeconds(), own: ownNow(), at: performance.now() }
  const sampling = setInterval(() => {
    if (child.exitCode === null) wrkCpu = cpuSeconds(child.pid as number)
  }, 50)
  const [status] = await once(child, "close")
  clearInterval(sampling)
  const elapsed = (performance.now() - before.at) / 1000
  const foreign = (busySeconds() - before.busy - (ownNow() - before.own) - wrkCpu) / elapsed
  if (status !== 0 || !output.includes("Requests/sec:")) throw new Error(`wrk failed on ${url}:\n${output}`)
  return { ...readWrk(output), foreign: Math.max(0, foreign) }
}

function readWrk(output: string): Omit<Window, "foreign"> {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0)
  const ms = (percent: string) => {
    const [, value, unit] = new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(output) ?? []
    return Number(value) * (unit === "us" ? 0.001 : unit === "s" ? 1000 : 1)
  }
  const socketErrors = [...(/Socket errors:(.*)/.exec(output)?.[1] ?? "").matchAll(/\d+/g)]
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: ms("50"),
    p99: ms("99"),
    errors:
      number(/Non-2xx or 3xx responses: (\d+)/) +
      socketErrors.reduce((sum, [count]) => sum + Number(count), 0),
  }
}
