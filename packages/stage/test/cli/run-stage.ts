import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

const bin = fileURLToPath(new URL("../../bin/denglu-stage.js", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Run {
  /** Resolves with the first match in what it prints. @throws Error if it ends before */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Sends the signal, if there is one, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ended>
}

/** `denglu-stage` in a process of its own, which goes with the test. */
export function runStage(words: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [bin, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, LANG: "en_US.UTF-8", ...env },
  })
  const output = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text
    })
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>
  onTestFinished(() => void child.kill("SIGKILL"))

  return {
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output.stdout)
        if (match !== null) return match
        const over = await Promise.race([
          once(child.stdout, "data").then(() => false),
          closed.then(() => true),
        ])
        if (over) throw new Error(`it ended: ${output.stdout}${output.stderr}`)
      }
    },
    async end(signal) {
      if (signal !== undefined) child.kill(signal)
      const [code, by] = await closed
      return { code, signal: by, ...output }
    },
  }
}
