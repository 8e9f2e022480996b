import type { Bilingual } from "../http/problem-entry.ts"
import type { Language } from "./language.ts"

/** Where a command writes, and how it may. */
export interface Terminal {
  readonly language: Language
  /** Writes a line to standard output. */
  out(line: string): void
  /** Writes a line to standard error. */
  err(line: string): void
  /** Shows how far a long work is, on standard error: in place where a person looks, else a line now and then. */
  progress(line: string): void
  /** The text in the terminal's language. */
  say(text: Bilingual): string
  readonly bold: Style
  readonly dim: Style
  readonly red: Style
  readonly yellow: Style
  readonly green: Style
  readonly cyan: Style
}

/** Puts a text between the codes of a terminal; leaves it as it is where there is none. */
type Style = (text: string) => string

type Output = Pick<NodeJS.WriteStream, "write" | "isTTY">

/** How often (ms) progress is told where it can't be shown in place. */
const tellEvery = 5_000

/** Colours only where a person looks, and has not said no to them (https://no-color.org). */
export function createTerminal(
  language: Language,
  env: Readonly<Record<string, string | undefined>>,
  stdout: Output,
  stderr: Output,
): Terminal {
  const colours = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"
  const style = (open: number, close: number) => (text: string) =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text
  let shown = false
  let toldAt = Number.NEGATIVE_INFINITY

  /** Takes away what is shown in place, so that a line can stand there. */
  function clear(): void {
    if (shown) stderr.write("\r\u001b[K")
    shown = false
  }

  return {
    language,
    out(line) {
      clear()
      stdout.write(`${line}\n`)
    },
    err(line) {
      clear()
      stderr.write(`${line}\n`)
    },
    progress(line) {
      if (stderr.isTTY === true) {
        stderr.write(`\r\u001b[K${line}`)
        shown = true
      } else if (Date.now() - toldAt >= tellEvery) {
        toldAt = Date.now()
        stderr.write(`${line}\n`)
      }
    },
    say: text => text[language],
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    yellow: style(33, 39),
    green: style(32, 39),
    cyan: style(36, 39),
  }
}
