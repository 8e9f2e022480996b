/** Where Denglu writes what an operator should know. The shape is pino's; a pino instance fits as it is. */
export interface Logger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** The default: warnings and errors as one JSON line each on standard error; nothing else. */
export function createStderrLogger(): Logger {
  const write = (level: string, facts: object, message: string) =>
    console.error(JSON.stringify({ level, message, ...facts }))
  return {
    info: () => {},
    warn: (facts, message) => write("warn", facts, message),
    error: (facts, message) => write("error", facts, message),
  }
}

/** What of an unknown error may go into a log: its kind and code. A message could hold anything. */
export function describeError(error: unknown): { readonly name: string; readonly code?: string } {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined
  return code === undefined ? { name: error.name } : { name: error.name, code }
}
