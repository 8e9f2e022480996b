import { spawnSync } from "node:child_process"

const packages = {
  wrk: "wrk",
  taskset: "util-linux",
  strace: "strace",
  "redis-server": "redis-server",
  psql: "postgresql",
  mariadb: "mariadb-server",
} as const

/** A program that a part needs. */
export type Tool = keyof typeof packages

/** @throws Error with what to install if one is missing */
export function needTools(tools: readonly Tool[]): void {
  const missing = [...new Set(tools)].filter(tool => spawnSync(tool, ["--version"]).error !== undefined)
  if (missing.length === 0) return
  const install = missing.map(tool => packages[tool]).join(" ")
  throw new Error(`${missing.join(", ")}: not found. On Debian: apt-get install -y ${install}`)
}
