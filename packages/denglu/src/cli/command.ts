import type { Bilingual } from "../http/problem-entry.ts"
import type { Terminal } from "./terminal.ts"

export type Environment = Readonly<Record<string, string | undefined>>

/** An option such as `--port 3000`, or `--json` if it takes no value. */
export interface Flag {
  readonly name: string
  /** What stands for the value in help texts; a flag without it takes none. */
  readonly value?: string
  readonly says: Bilingual
}

/** A command as help shows it; its code is loaded only when it runs. */
export interface Command {
  /** `start`, `sessions revoke`. */
  readonly name: string
  readonly says: Bilingual
  /** The argument without a name, if the command takes one: `ID`; with a space between them if it takes two. */
  readonly argument?: string
  readonly flags: readonly Flag[]
  /** What help says below the flags. */
  readonly more?: Bilingual
  readonly examples: readonly { readonly line: string; readonly says: Bilingual }[]
  load(): Promise<(invocation: Invocation) => Promise<number>>
}

/** One call of a command. What it answers is the exit code. */
export interface Invocation {
  readonly terminal: Terminal
  readonly env: Environment
  /** The folder relative paths start from. */
  readonly cwd: string
  readonly version: string
  readonly flags: ReadonlyMap<string, string | true>
  /** Two of them with a space between. */
  readonly argument: string | undefined
}

/** The text given with a flag; `undefined` if it was not given. */
export function flagText(invocation: Pick<Invocation, "flags">, name: string): string | undefined {
  const value = invocation.flags.get(name)
  return typeof value === "string" ? value : undefined
}
