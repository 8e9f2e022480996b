import { CliError, usageExit } from "./cli-error.ts"
import type { Invocation } from "./command.ts"

export const isoTime = (at: number) => new Date(at).toISOString()

/** The user a command is about. @throws CliError if none was said */
export function userIn({ argument }: Invocation, verb: string): string {
  if (argument !== undefined) return argument
  throw new CliError(
    { en: `Say which: denglu users ${verb} USER-ID.`, zh: `请指定用户：denglu users ${verb} 用户ID。` },
    usageExit,
  )
}

export function noSuchUser(id: string): CliError {
  return new CliError({ en: `There is no user ${id}.`, zh: `没有用户 ${id}。` })
}
