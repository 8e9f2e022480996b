import { createInterface } from "node:readline/promises"
import type { Bilingual } from "../http/problem-entry.ts"
import { CliError, usageExit } from "./cli-error.ts"
import type { Invocation } from "./command.ts"

/**
 * Asks the person at the terminal; `--yes` answers for them.
 *
 * @throws CliError (exit code 2) where nobody can be asked
 */
export async function confirmed({ terminal, flags }: Invocation, question: Bilingual): Promise<boolean> {
  if (flags.has("yes")) return true
  if (process.stdin.isTTY !== true)
    throw new CliError(
      {
        en: "Nobody is there to be asked: say --yes if this is what you want.",
        zh: "当前不是交互终端，无法确认：确定执行请加 --yes。",
      },
      usageExit,
    )
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await lines.question(`${terminal.say(question)} [y/N] `)
    return /^(y|yes|是)$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
