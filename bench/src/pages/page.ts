import type { Text, Verdict } from "../bench.ts"
import type { Figures } from "../measure/table.ts"
import { inChinese } from "../parts/databases/candidates.ts"
import { rate } from "./plots.ts"
import type { Result } from "./result.ts"
import { heads, texts } from "./texts.ts"

type Language = keyof Text

/** The page of a run in one language. Both have the same headings, tables and code. */
export function renderPage(result: Result, language: Language): string {
  const say = (text: Text) => text[language]
  const fill = (text: Text, values: Readonly<Record<string, string>>) =>
    say(text).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
  const { date, rounds, seconds, machine, system, figures } = result
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
    fill(texts.about, {
      date: date.slice(0, 10),
      rounds: String(rounds),
      seconds: String(seconds),
      machine,
      system,
    }),
    ...(rounds < 3 || seconds < 3 ? [say(texts.short)] : []),
    ...(foreign > 0.1 ? [fill(texts.foreign, { foreign: foreign.toFixed(2) })] : []),
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
    ...tabled(texts.large, databases?.large),
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
      fill(texts.repeatAbout, { minutes: say(texts.minutes) }),
      "```sh\nnpm run bench\nnpm run bench -- databases --large\nnpm run bench -- databases --only 'PostgreSQL|axios'\n```",
    ),
    ...section(texts.versions, renderVersions(result)),
  ]
    .join("\n\n")
    .concat("\n")
}

const list = (items: readonly string[]) => items.map(item => `- ${item}`).join("\n")

function renderTable(lines: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = lines
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`
  return [row(head), row(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rest.map(row)].join(
    "\n",
  )
}

function nameIn(language: Language, name: string): string {
  const shown = language === "zh" ? inChinese(name) : name
  return name.includes("Denglu") ? `**${shown}**` : shown
}

function renderFigures(figures: readonly Figures[], language: Language): string {
  const of = (name: keyof typeof heads) => heads[name][language]
  // Columns in which nobody has anything to say are left out.
  const columns: readonly (readonly [string, (one: Figures) => string])[] = [
    [of("who"), one => nameIn(language, one.name)],
    [of("perSecond"), one => rate(one.perSecond)],
    [of("spread"), one => `${rate(one.lowest)}–${rate(one.highest)}`],
    [of("ratio"), one => one.ratio.toFixed(2)],
    [of("to"), one => (one.against === figures[0]?.name ? "" : nameIn(language, one.against))],
    ["p50 ms", one => one.p50Ms.toFixed(2)],
    ["p99 ms", one => one.p99Ms.toFixed(1)],
    [of("server"), one => one.micros.server?.toFixed(0) ?? ""],
    [of("database"), one => one.micros.database?.toFixed(0) ?? ""],
    [of("flushes"), one => one.flushes?.toFixed(3) ?? ""],
    [of("memory"), one => (one.rssBytes / 1e6).toFixed(0)],
  ]
  const shown = columns.filter(([, pick]) => figures.some(one => pick(one) !== ""))
  return renderTable([shown.map(([head]) => head), ...figures.map(one => shown.map(([, pick]) => pick(one)))])
}

function renderVerdicts(verdicts: readonly Verdict[], language: Language): string {
  const of = (name: keyof typeof heads) => heads[name][language]
  return renderTable([
    [of("target"), of("measured"), of("wanted"), "", of("limit")],
    ...verdicts.map(({ what, value, unit, target, met, note }) => [
      what[language],
      `${Number.isInteger(value) ? value : value.toFixed(2)} ${unit}`.trim(),
      target,
      met ? "✓" : "✗",
      note?.[language] ?? "",
    ]),
  ])
}

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

function renderVersions({ node, versions, figures: { databases } }: Result): string {
  const engines =
    databases === undefined
      ? []
      : [`PostgreSQL ${databases.postgres}`, `MariaDB ${databases.mariadb}`, `Redis ${databases.redis}`]
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [`Node ${node}`, ...engines, ...packages].join(" · ")
}
