import type { Logger } from "../log.ts"
import { redact } from "./redact.ts"

/**
 * pino, as JSON lines on standard output. It is loaded with the first line that is written, because a server should take
 * requests first.
 */
export function createServerLog(level: string): Logger {
  let loading: Promise<Logger> | undefined

  async function load(): Promise<Logger> {
    const { pino } = await import("pino")
    const log = pino(
      { level, formatters: { log: facts => redact(facts) } },
      pino.destination({ dest: 1, sync: true }),
    )
    return {
      info: (facts, message) => log.info(facts, message),
      warn: (facts, message) => log.warn(facts, message),
      error: (facts, message) => log.error(facts, message),
    }
  }

  function write(severity: "info" | "warn" | "error", facts: object, message: string): void {
    loading ??= load()
    loading.then(
      log => log[severity](facts, message),
      () => console.error(message),
    )
  }

  return {
    info: (facts, message) => write("info", facts, message),
    warn: (facts, message) => write("warn", facts, message),
    error: (facts, message) => write("error", facts, message),
  }
}
