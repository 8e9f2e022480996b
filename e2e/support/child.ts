import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** A child process running one of our TypeScript files, and everything it printed. */
export interface Child {
  readonly process: ChildProcess
  readonly output: string[]
  /** Resolves with the first match in what it prints; rejects if it ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends the signal and waits for the end. Answers exit code and signal. */
  end(signal: NodeJS.Signals): Promise<readonly [number | null, NodeJS.Signals | null]>
}

export function startChild(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Child {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(
    process.execPath,
    ["--conditions=denglu-source", "--disable-warning=ExperimentalWarning", path, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    },
  )
  const output: string[] = []
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", chunk => output.push(chunk))
  return {
    process: child,
    output,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output.join(""))
        if (match !== null) return match
        const more = Promise.race([once(child.stdout, "data"), once(child.stderr, "data")])
        const over = await Promise.race([more.then(() => false), ended.then(() => true)])
        if (over && pattern.exec(output.join("")) === null)
          throw new Error(`the process ended: ${output.join("")}`)
      }
    },
    async end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** A small generator of repeatable randomness (mulberry32), so that a run can be repeated by its seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
