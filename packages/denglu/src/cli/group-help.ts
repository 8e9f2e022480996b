import { commonFlags } from "./arguments.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { commands } from "./commands.ts"
import { renderGroup } from "./help.ts"
import type { Terminal } from "./terminal.ts"

/**
 * What a group that is named without one of its commands shows: `denglu users --help`.
 *
 * @throws CliError (exit code 2) if it is not asked for, or with more than it takes
 */
export function groupHelp(
  terminal: Terminal,
  [group = "", ...rest]: readonly string[],
  asked: boolean,
): string {
  const list = commands
    .filter(({ name }) => name.startsWith(`${group} `))
    .map(({ name }) => `denglu ${name}`)
    .join(", ")
  const [word] = rest
  if (word !== undefined && !word.startsWith("-"))
    throw new CliError(
      { en: `There is no such command; there are: ${list}`, zh: `没有这个命令，可用的有：${list}` },
      usageExit,
    )
  const unknown = rest.find(arg => arg.startsWith("-") && !isCommon(arg))
  if (unknown !== undefined) {
    // What stands behind `=` may be a secret.
    const [flag] = unknown.split("=")
    throw new CliError(
      {
        en: `denglu ${group} has no flag ${flag}; flags belong to its commands: ${list}`,
        zh: `denglu ${group} 没有参数 ${flag}，参数要写在具体命令之后：${list}`,
      },
      usageExit,
    )
  }
  if (!asked && !rest.some(arg => arg === "--help" || arg === "-h"))
    throw new CliError(
      {
        en: `denglu ${group} needs to know what to do: ${list}`,
        zh: `denglu ${group} 后面还要说明做什么：${list}`,
      },
      usageExit,
    )
  return renderGroup(terminal, group)
}

function isCommon(arg: string): boolean {
  return arg === "-h" || commonFlags.some(({ name }) => arg === `--${name}` || arg.startsWith(`--${name}=`))
}
