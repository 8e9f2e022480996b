import { readdirSync, readFileSync } from "node:fs"

/** Ticks of the kernel's clock in a second (`getconf CLK_TCK`; 100 on every Linux we know of). */
const ticksPerSecond = 100

/** Seconds of CPU that all processes have used together since the machine started. */
export function busySeconds(): number {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n")
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = first.split(/\s+/).slice(1).map(Number)
  return (user + nice + system + irq + softirq) / ticksPerSecond
}

interface Stat {
  readonly parent: number
  /** Seconds of the process itself, its threads included. */
  readonly self: number
  /** Seconds of the children it has seen end. */
  readonly ended: number
}

function readStat(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const seconds = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) / ticksPerSecond
  return { parent: Number(fields[1]), self: seconds(11), ended: seconds(13) }
}

/** Seconds of CPU one process has used, its threads included. */
export function cpuSeconds(pid: number): number {
  return readStat(pid).self
}

/** Seconds of CPU that processes and all below them have used, also those that have ended since: a PostgreSQL is a tree of processes. */
export function treeSeconds(roots: readonly number[]): number {
  const stats = new Map<number, Stat>()
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    try {
      stats.set(Number(name), readStat(Number(name)))
    } catch {
      // It has just ended; its parent counts it among the ended.
    }
  }
  const belongs = (pid: number): boolean => {
    if (roots.includes(pid)) return true
    const parent = stats.get(pid)?.parent ?? 0
    return parent > 1 && belongs(parent)
  }
  let sum = 0
  for (const [pid, { self, ended }] of stats) if (belongs(pid)) sum += self + ended
  return sum
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}
