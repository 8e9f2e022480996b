import type { Text } from "../bench.ts"
import type { Figures } from "../measure/table.ts"
import type { Result } from "./result.ts"
import { fill, renderAbout, renderFigures, renderTable, renderVerdicts, renderVersions } from "./tables.ts"
import { type Language, texts } from "./texts.ts"

/** The page of a run in one language. Both have the same headings, tables and code. */
export function renderPage(result: Result, language: Language): string {
  const say = (text: Text) => text[language]
  const { rounds, seconds, figures } = result
  const { databases, check, login } = figures
  const measured = [databases?.logins, databases?.loginsSlow, databases?.refreshes, check, login].flatMap(
    list => list ?? [],
  )
  const foreign = Math.max(0, ...measured.map(one => one.foreignCores))
  const table = (list: readonly Figures[]) => renderFigures(list, language)
  const plot = (file: string, text: Text) => `![${say(text)}](../${file})`
  const section = (title: Text, ...parts: readonly (string | undefined)[]) => [
    `## ${say(title)}`,
    ...parts.filter(part => part !== undefined),
  ]
  const tabled = (title: Text, list: readonly Figures[] | undefined) =>
    list === undefined ? [] : section(title, table(list))
  return [
    `# ${say(texts.title)}`,
    say(texts.other),
    renderAbout(result, language),
    ...(rounds < 3 || seconds < 3 ? [say(texts.short)] : []),
    ...(foreign > 0.1 ? [fill(texts.foreign, language, { foreign: foreign.toFixed(2) })] : []),
    ...(databases?.logins === undefined
      ? []
      : [
          ...section(
            texts.logins,
            say(texts.loginsAbout),
            plot("benchmarks-logins.svg", texts.logins),
            table(databases.logins),
          ),
          ...section(texts.cpu, say(texts.cpuAbout), plot("benchmarks-cpu.svg", texts.cpu)),
        ]),
    ...(databases?.loginsSlow === undefined
      ? []
      : section(texts.slow, plot("benchmarks-logins-slow.svg", texts.slow), table(databases.loginsSlow))),
    ...tabled(texts.alone, databases?.loginsAlone),
    ...tabled(texts.refreshes, databases?.refreshes),
    ...tabled(texts.instances, databases?.instances),
    ...(databases?.large === undefined
      ? [`## ${say(texts.large)}`, say(texts.largeElsewhere)]
      : tabled(texts.large, databases.large)),
    ...(check === undefined
      ? []
      : section(texts.check, say(texts.checkAbout), plot("benchmarks-check.svg", texts.check), table(check))),
    ...(login === undefined ? [] : section(texts.sqlite, say(texts.sqliteAbout), table(login))),
    ...section(texts.rest, renderRest(result, language)),
    ...section(texts.wanted, renderVerdicts(result.verdicts, language)),
    ...section(texts.who, list(texts.whoList[language])),
    ...section(texts.how, list(texts.howList[language])),
    ...section(
      texts.repeat,
      fill(texts.repeatAbout, language, { minutes: say(texts.minutes) }),
      "```sh\nnpm run bench\nnpm run bench -- databases --large-alone\nnpm run bench -- databases --only 'PostgreSQL|axios'\n```",
    ),
    ...section(texts.versions, renderVersions(result)),
  ]
    .join("\n\n")
    .concat("\n")
}

const list = (items: readonly string[]) => items.map(item => `- ${item}`).join("\n")

function renderRest({ figures: { databases, start, memory } }: Result, language: Language): string {
  const lines: (readonly [Text, string])[] = []
  const add = (en: string, zh: string, value: number | undefined, unit: string) => {
    if (value !== undefined) lines.push([{ en, zh }, `${value.toFixed(0)} ${unit}`])
  }
  const { postgres, mariadb } = databases?.atRest ?? {}
  add("a session in PostgreSQL, with indexes", "PostgreSQL 中的会话，含索引", postgres?.bytesPerSession, "B")
  add(
    "a person in PostgreSQL: user, identity, unionid",
    "PostgreSQL 中的用户：用户、身份、unionid",
    postgres?.bytesPerPerson,
    "B",
  )
  add("a session in MariaDB, with indexes", "MariaDB 中的会话，含索引", mariadb?.bytesPerSession, "B")
  add("a person in MariaDB", "MariaDB 中的用户", mariadb?.bytesPerPerson, "B")
  add("a remembered token, in memory", "内存中记住的令牌", memory?.million.bytes, "B")
  const median = (values: readonly number[] | undefined) =>
    [...(values ?? [])].sort((a, b) => a - b)[(values?.length ?? 0) >> 1]
  add(
    "an empty node:http server, to its first connection",
    "空的 node:http 服务器，到接受第一个连接",
    median(start?.bareMs),
    "ms",
  )
  add("denglu start with SQLite", "denglu start，SQLite", median(start?.oursMs), "ms")
  add("denglu start with PostgreSQL", "denglu start，PostgreSQL", median(databases?.starts?.oursMs), "ms")
  add(
    "idle, with PostgreSQL",
    "空闲内存，PostgreSQL",
    (databases?.starts?.residentBytes ?? Number.NaN) / 1e6,
    "MB",
  )
  return renderTable([
    ["", ""],
    ...lines.filter(([, value]) => !value.startsWith("NaN")).map(([text, value]) => [text[language], value]),
  ])
}
