import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { runCommand } from "./run-command.ts"

const bench = fileURLToPath(new URL("../..", import.meta.url))

/** Runs one of the bench's own programs to its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  const options = ["--conditions=denglu-source", "--disable-warning=ExperimentalWarning"]
  runCommand(process.execPath, [...options, join(bench, file), ...args], {
    env: { ...process.env, NODE_ENV: "production", ...env },
  })
}

/** Who is known, and where the refresh tokens of their sessions are. */
export interface People {
  readonly people: number
  readonly sessions: number
  readonly tokens: string
}

let loaded = 0

/** Logs people in to a store. */
export function loadPeople(
  folder: string,
  store: string,
  {
    people,
    sessions,
    tokenEvery = 1,
  }: { readonly people: number; readonly sessions: number; readonly tokenEvery?: number },
): People {
  loaded += 1
  const tokens = join(folder, `tokens-${loaded}.txt`)
  const args = [store, String(people), String(sessions), String(tokenEvery), tokens]
  runProgram("src/servers/load-people.ts", args)
  return { people, sessions, tokens }
}
