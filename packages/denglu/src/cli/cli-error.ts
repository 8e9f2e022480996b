import type { Bilingual } from "../http/problem-entry.ts"

/** What is wrong with a command: 2 as for most tools, so that scripts can tell it from a failure. */
export const usageExit = 2

/** Something the person at the terminal can change. It is printed as it stands, without a stack. */
export class CliError extends Error {
  override readonly name = "CliError"
  readonly says: Bilingual
  readonly exitCode: number

  constructor(says: Bilingual, exitCode = 1) {
    super(says.en)
    this.says = says
    this.exitCode = exitCode
  }
}
