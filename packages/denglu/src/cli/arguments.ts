import { parseArgs } from "node:util"
import { CliError, usageExit } from "./cli-error.ts"
import type { Command, Flag } from "./command.ts"
import { suggestionFor } from "./suggestion.ts"

export interface ReadArguments {
  readonly flags: ReadonlyMap<string, string | true>
  readonly argument: string | undefined
}

/** Flags that every command knows. */
export const commonFlags: readonly Flag[] = [
  {
    name: "lang",
    value: "en|zh",
    says: { en: "language; default: the locale's", zh: "语言，默认按系统区域设置" },
  },
  { name: "help", says: { en: "show this", zh: "显示本帮助" } },
]

/**
 * Reads what follows a command's name.
 *
 * @throws CliError (exit code 2) for what the command doesn't know, with the name that was probably meant
 */
export function readArguments(command: Command, args: readonly string[]): ReadArguments {
  const known = [...command.flags, ...commonFlags]
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      known.map(flag => [flag.name, { type: flag.value === undefined ? "boolean" : "string" }] as const),
    ),
    strict: false,
    tokens: true,
  })
  const flags = new Map<string, string | true>()
  const most = command.argument?.split(" ").length ?? 0
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === "option") {
      const flag = known.find(({ name }) => token.rawName === `--${name}`)
      if (flag === undefined) throw unknownFlag(command, token.rawName, known)
      flags.set(flag.name, flagValue(flag, token.value, token.inlineValue === true))
    } else if (token.kind === "positional") {
      if (words.length === most) throw tooMuch(command, token.value)
      words.push(token.value)
    }
  }
  return { flags, argument: words.length === 0 ? undefined : words.join(" ") }
}

function flagValue(flag: Flag, value: string | undefined, inline: boolean): string | true {
  if (flag.value === undefined) {
    if (value === undefined) return true
    throw new CliError({ en: `--${flag.name} takes no value.`, zh: `--${flag.name} 不带值。` }, usageExit)
  }
  if (value === undefined || value === "" || (!inline && value.startsWith("-")))
    throw new CliError(
      {
        en: `--${flag.name} needs a value: --${flag.name} ${flag.value}`,
        zh: `--${flag.name} 需要一个值：--${flag.name} ${flag.value}`,
      },
      usageExit,
    )
  return value
}

function unknownFlag(command: Command, typed: string, known: readonly Flag[]): CliError {
  const meant = suggestionFor(
    typed,
    known.map(({ name }) => `--${name}`),
  )
  const help = `denglu ${command.name} --help`
  return new CliError(
    {
      en: `denglu ${command.name} has no flag ${typed}.${meant ? ` Did you mean ${meant}?` : ""} All flags: ${help}`,
      zh: `denglu ${command.name} 没有参数 ${typed}。${meant ? `你是不是想写 ${meant}？` : ""}全部参数：${help}`,
    },
    usageExit,
  )
}

/** What was given too much may be a secret that lost its flag, so it is not repeated. */
function tooMuch(command: Command, value: string): CliError {
  const help = `denglu ${command.name} --help`
  const length = [...value].length
  return new CliError(
    {
      en: `denglu ${command.name} was given an argument (${length} characters) it does not take. See: ${help}`,
      zh: `denglu ${command.name} 多了一个参数（${length} 个字符）。参见：${help}`,
    },
    usageExit,
  )
}
