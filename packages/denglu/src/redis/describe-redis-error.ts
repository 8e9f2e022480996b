import { describeError } from "../log.ts"

/**
 * What of an error from Redis may go into a log: its kind and its code, which is Redis's own (the first word of a refusal, `WRONGPASS`:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors) or that of Node (`ECONNREFUSED`). The rest of a message, and
 * what the driver adds to it, may hold what was sent.
 */
export function describeRedisError(error: unknown): ReturnType<typeof describeError> {
  const described = describeError(error)
  if (!(error instanceof Error) || error.name !== "ReplyError") return described
  const code = /^[A-Z]+(?= )/.exec(error.message)?.[0]
  return code === undefined ? described : { ...described, code }
}
