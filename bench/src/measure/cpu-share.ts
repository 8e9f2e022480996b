import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Milliseconds in which a group uses up its share, then waits: short beside what is measured. */
const periodMs = 5

/** A group of processes that may use a part of a core at most. */
export interface CpuShare {
  add(pid: number): void
  remove(): void
}

/**
 * Gives processes a part of a core (0.25: a quarter) by the kernel's control groups, of either version. Answers `undefined` where one may not: it
 * takes root, and a container that is allowed to.
 */
export function cpuShare(name: string, share: number): CpuShare | undefined {
  const quota = Math.round(share * periodMs * 1000)
  const period = periodMs * 1000
  const root = "/sys/fs/cgroup"
  const old = existsSync(join(root, "cpu/cpu.cfs_quota_us"))
  const folder = join(root, old ? "cpu" : "", `denglu-bench-${process.pid}-${name}`)
  const remove = () => {
    try {
      rmdirSync(folder)
    } catch {
      // It holds processes that are just ending; an empty group costs nothing.
    }
  }
  try {
    mkdirSync(folder)
    if (old) {
      writeFileSync(join(folder, "cpu.cfs_period_us"), String(period))
      writeFileSync(join(folder, "cpu.cfs_quota_us"), String(quota))
    } else {
      writeFileSync(join(folder, "cpu.max"), `${quota} ${period}`)
    }
  } catch {
    remove()
    return undefined
  }
  return { add: pid => writeFileSync(join(folder, "cgroup.procs"), String(pid)), remove }
}
