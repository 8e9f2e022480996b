import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { endWithUs } from "./children.ts"

const bench = fileURLToPath(new URL("../..", import.meta.url))

/** Runs one of the bench's own programs to its end. @throws Error with its complaint if it fails */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = ["--conditions=denglu-source", "--disable-warning=ExperimentalWarning"]
  const child = spawn(process.execPath, [...options, join(bench, file), ...args], {
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  })
  endWithUs(child)
  const [complaint, [status]] = await Promise.all([text(child.stderr), once(child, "exit")])
  if (status !== 0) throw new Error(`${file} failed:\n${complaint.slice(-2000)}`)
}

/** Who is known, and where the refresh tokens of their sessions are. */
export interface People {
  readonly people: number
  readonly sessions: number
  readonly tokens: string
}

let loaded = 0

/** Logs people in to a store. */
export async function loadPeople(
  folder: string,
  store: string,
  {
    people,
    sessions,
    tokenEvery = 1,
  }: { readonly people: number; readonly sessions: number; readonly tokenEvery?: number },
): Promise<People> {
  loaded += 1
  const tokens = join(folder, `tokens-${loaded}.txt`)
  const args = [store, String(people), String(sessions), String(tokenEvery), tokens]
  await runProgram("src/servers/load-people.ts", args)
  return { people, sessions, tokens }
}
