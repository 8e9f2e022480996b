import { commonFlags } from "./arguments.ts"
import type { Command } from "./command.ts"
import { commands } from "./commands.ts"
import { padEnd } from "./table.ts"
import type { Terminal } from "./terminal.ts"

/** What `denglu --help` shows. */
export function renderOverview(terminal: Terminal, version: string): string {
  return [
    `${terminal.bold(`Denglu 登录 ${version}`)}  ${terminal.say({
      en: "login for WeChat Mini Programs",
      zh: "微信小程序登录",
    })}`,
    "",
    ...listed(terminal, commands),
    "",
    terminal.say({
      en: "denglu COMMAND --help tells more. --lang en|zh sets the language, --version shows the version.",
      zh: "denglu 命令 --help 查看详情。--lang en|zh 设置语言，--version 显示版本。",
    }),
    terminal.say({ en: "Nothing set up yet? npx denglu dev", zh: "还什么都没有？npx denglu dev" }),
  ].join("\n")
}

/** What `denglu users --help` shows: the commands that begin with this word. */
export function renderGroup(terminal: Terminal, group: string): string {
  return [
    ...listed(
      terminal,
      commands.filter(({ name }) => name.startsWith(`${group} `)),
    ),
    "",
    terminal.say({
      en: `denglu ${group} COMMAND --help tells more.`,
      zh: `denglu ${group} 命令 --help 查看详情。`,
    }),
  ].join("\n")
}

function listed(terminal: Terminal, list: readonly Command[]): readonly string[] {
  const width = Math.max(...list.map(({ name }) => name.length))
  return list.map(({ name, says }) => `  denglu ${terminal.cyan(padEnd(name, width))}  ${terminal.say(says)}`)
}

/** What `denglu COMMAND --help` shows. */
export function renderHelp(terminal: Terminal, command: Command): string {
  const flags = [...command.flags, ...commonFlags].map(flag => ({
    left: flag.value === undefined ? `--${flag.name}` : `--${flag.name} ${flag.value}`,
    says: flag.says,
  }))
  const width = Math.max(...flags.map(({ left }) => left.length))
  const exampleWidth = Math.max(...command.examples.map(({ line }) => line.length))
  const argument = command.argument === undefined ? "" : ` [${command.argument}]`
  return [
    `${terminal.bold(`denglu ${command.name}${argument}`)}  ${terminal.say(command.says)}`,
    "",
    ...flags.map(({ left, says }) => `  ${terminal.cyan(padEnd(left, width))}  ${terminal.say(says)}`),
    "",
    ...(command.more === undefined ? [] : [terminal.say(command.more), ""]),
    terminal.say({ en: "Examples:", zh: "示例：" }),
    ...command.examples.map(
      ({ line, says }) => `  ${padEnd(line, exampleWidth)}  ${terminal.dim(terminal.say(says))}`,
    ),
  ].join("\n")
}
