import { type SpawnSyncOptions, spawnSync } from "node:child_process"

/** Runs a command to its end and answers what it printed. @throws Error with its complaint if it fails */
export function runCommand(command: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    maxBuffer: 256 * 1024 * 1024,
    ...options,
    encoding: "utf8",
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${command} failed:\n${String(stderr).slice(-2000)}`)
  return String(stdout)
}
