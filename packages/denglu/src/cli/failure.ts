import { DengluError } from "../errors.ts"
import type { Environment } from "./command.ts"
import type { Terminal } from "./terminal.ts"

/**
 * One line about an error nobody expected. A message from elsewhere could hold anything, so it is shown only where the
 * error is one of ours; `DENGLU_DEBUG=1` adds where it happened, without messages.
 */
export function describeFailure(terminal: Terminal, error: unknown, env: Environment): string {
  const line = `denglu: ${terminal.say(causeOf(error))}`
  const hint = terminal.say({
    en: "(DENGLU_DEBUG=1 shows where it happened)",
    zh: "（设置 DENGLU_DEBUG=1 可查看出错位置）",
  })
  return env.DENGLU_DEBUG ? [line, ...stackFrames(error)].join("\n") : `${line} ${hint}`
}

function causeOf(error: unknown) {
  if (error instanceof DengluError) return { en: error.message, zh: `出错了：${error.message}` }
  const name = error instanceof Error ? error.name : typeof error
  const code = error instanceof Error && "code" in error ? ` ${String(error.code)}` : ""
  return { en: `it failed unexpectedly: ${name}${code}`, zh: `意外出错：${name}${code}` }
}

/** Where an error happened: the frames of its stack, without its message. */
function stackFrames(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  return (error.stack ?? "").split("\n").filter(line => /^\s+at .*[:)]/.test(line))
}
