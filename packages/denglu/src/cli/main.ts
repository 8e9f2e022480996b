import { CliError, usageExit } from "./cli-error.ts"
import type { Command, Environment } from "./command.ts"
import { commands } from "./commands.ts"
import { describeFailure } from "./failure.ts"
import { languageOf } from "./language.ts"
import { suggestionFor } from "./suggestion.ts"
import { createTerminal, type Terminal } from "./terminal.ts"

/** Runs the command that the arguments name, and sets the exit code: 0 good, 1 failed, 2 wrongly called. */
export async function main(version: string): Promise<void> {
  const args = process.argv.slice(2)
  const { env, stdout, stderr } = process
  stdout.on("error", leaveWithReader)
  stderr.on("error", leaveWithReader)
  const terminal = createTerminal(languageOf(env, langIn(args)), env, stdout, stderr)
  try {
    process.exitCode = await runCommandLine(args, { terminal, env, version })
  } catch (error) {
    if (error instanceof CliError) {
      terminal.err(terminal.say(error.says))
      process.exitCode = error.exitCode
    } else {
      terminal.err(describeFailure(terminal, error, env))
      process.exitCode = 1
    }
  }
}

/** `denglu sessions list | head` ends when `head` has seen enough; that is no failure. */
function leaveWithReader(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? 0 : 1)
}

interface Surroundings {
  readonly terminal: Terminal
  readonly env: Environment
  readonly version: string
}

async function runCommandLine(
  args: readonly string[],
  { terminal, env, version }: Surroundings,
): Promise<number> {
  const lang = langIn(args)
  if (lang !== undefined && lang !== "en" && lang !== "zh")
    throw new CliError({ en: "--lang is en or zh.", zh: "--lang 只能是 en 或 zh。" }, usageExit)
  const words = args[0] === "help" ? args.slice(1) : args
  const [first] = words
  if (first === "--version" || first === "-v" || first === "-V") {
    terminal.out(version)
    return 0
  }
  if (first === undefined || first.startsWith("-")) {
    const { renderOverview } = await import("./help.ts")
    if (first !== undefined && !/^(--help|-h|--lang(=.*)?)$/.test(first)) throw unknownCommand(first)
    terminal.out(renderOverview(terminal, version))
    return 0
  }
  const command = findCommand(words)
  if (command === undefined) {
    const { groupHelp } = await import("./group-help.ts")
    terminal.out(groupHelp(terminal, words, args[0] === "help"))
    return 0
  }
  const rest = words.slice(command.name.split(" ").length)
  if (args[0] === "help" || rest.some(word => word === "--help" || word === "-h")) {
    const { renderHelp } = await import("./help.ts")
    terminal.out(renderHelp(terminal, command))
    return 0
  }
  const { readArguments } = await import("./arguments.ts")
  const given = readArguments(command, rest)
  const run = await command.load()
  return run({ terminal, env, cwd: process.cwd(), version, ...given })
}

/** `--lang` has to be known before anything can be said about the rest. Empty if the value is missing. */
function langIn(args: readonly string[]): string | undefined {
  const at = args.findLastIndex(arg => arg === "--lang" || arg.startsWith("--lang="))
  return at === -1
    ? undefined
    : args[at] === "--lang"
      ? (args[at + 1] ?? "")
      : args[at]?.slice("--lang=".length)
}

/** `undefined` for a group without a command of it, as `users`. @throws CliError (exit code 2) if there is no such command */
function findCommand([first = "", second = ""]: readonly string[]): Command | undefined {
  const found = commands.find(({ name }) => name === first || name === `${first} ${second}`)
  if (found === undefined && !commands.some(({ name }) => name.startsWith(`${first} `)))
    throw unknownCommand(first)
  return found
}

function unknownCommand(typed: string): CliError {
  const names = commands.map(({ name }) => name)
  const meant = suggestionFor(typed, [...names, ...names.map(name => name.split(" ")[0] ?? name)])
  return new CliError(
    {
      en: `There is no command ${typed}.${meant ? ` Did you mean denglu ${meant}?` : ""} All commands: denglu --help`,
      zh: `没有命令 ${typed}。${meant ? `你是不是想写 denglu ${meant}？` : ""}全部命令：denglu --help`,
    },
    usageExit,
  )
}
