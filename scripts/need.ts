import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** The part of vitest's test context that {@link need} uses. */
interface Skippable {
  skip(note?: string): never
}

/**
 * Says that a test needs something the machine may lack: a database, a command, a credential. Without it the test is
 * skipped with the reason; where the environment has `CI=true`, it fails, so that CI can't pass by not looking.
 *
 * @example
 * ```ts no-check reason="scripts/ is not a package; tests import it by its path"
 * test("...", context => {
 *   need(context, hasCommand("strace"), "the command strace")
 * })
 * ```
 */
export function need(context: Skippable, met: boolean, what: string): void {
  if (met) return
  if (process.env.CI === "true") throw new Error(`${inCi}${what}`)
  context.skip(`${elsewhere}${what}`)
}

const inCi = "CI must have "
const elsewhere = "needs "

/** What was lacking, by the reason of a skip or the message of a failure; empty if that was about something else. */
export function lackingIn(told: string): readonly string[] {
  const start = [inCi, elsewhere].find(words => told.startsWith(words))
  return start === undefined ? [] : [told.slice(start.length)]
}

/** Whether a command of that name is on the PATH. */
export function hasCommand(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
