import { describeError } from "../log.ts"

/**
 * What of an error from Redis may go into a log: its kind and its code, which is Redis's own (the first word of a refusal, `WRONGPASS`:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors) or that of Node (`ECONNREFUSED`). The rest of a message, and
 * what the driver adds to it, may hold what was sent.
 */
export function describeRedisError(error: unknown): ReturnType<typeof describeError> {
  const described = describeError(error)
  if (!(error instanceof Error)) return described
  const code = isRefusal(error) ? refusalCode(error.message) : driverCode(error.message)
  return code === undefined ? described : { ...described, code }
}

/** Whether Redis itself has said no. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError"
}

function refusalCode(message: string): string | undefined {
  // What a script may not call is an ERR to Redis 7, and before it every refusal within a script.
  if (/ACL failure in script|user executing the script/.test(message)) return "NOPERM"
  const within = /^ERR Error running script .*-([A-Z]+) /.exec(message)?.[1]
  return within ?? /^[A-Z]+(?= )/.exec(message)?.[0]
}

/** ioredis gives this one no code. */
function driverCode(message: string): string | undefined {
  return message === "Command timed out" ? "ETIMEDOUT" : undefined
}
