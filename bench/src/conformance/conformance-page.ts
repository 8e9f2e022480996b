import { chineseRules } from "./chinese-rules.ts"
import { broken, type Column, conformanceTable } from "./conformance-table.ts"

type Language = "en" | "zh"

const words = {
  en: {
    other: "[中文](../zh/conformance.md)",
    title: "Conformance",
    intro: `What a login client of a mini program has to get right, played with ours and with what people use today. The rules are data in \`@denglu/miniprogram/conformance\`: they run against any client, on a pretend \`wx\` and a pretend server, and each says there why it matters.`,
    played: (day: string, node: string) => `Played on ${day}, Node ${node}, by`,
    setup: "Set up",
    setupText:
      "Each peer is set up as its documentation shows it, against the same server. What it leaves to its user, we wrote as its examples do.",
    client: "client",
    version: "version",
    how: "how it is used",
    table: "Table",
    legend: `✓ kept, ✗ broken, – not meant for it: weRequest knows no logout, and neither weRequest nor the tutorial uses refresh tokens.`,
    rule: "rule",
    counted: "kept, of those meant for it",
    seen: "What was seen",
  },
  zh: {
    other: "[English](../en/conformance.md)",
    title: "一致性测试",
    intro: `小程序的登录客户端必须做对的事，用同一套规则检验我们的客户端和大家现在使用的客户端。规则以数据形式放在 \`@denglu/miniprogram/conformance\` 里，可以用来检验任何客户端，\`wx\` 和服务器都是模拟的；每条规则都写明了为什么重要。`,
    played: (day: string, node: string) => `于 ${day} 在 Node ${node} 上运行：`,
    setup: "准备",
    setupText:
      "每个客户端都按它自己文档的写法配置，面对同一个服务器。文档留给使用者去写的部分，我们照着它的示例来写。",
    client: "客户端",
    version: "版本",
    how: "如何使用",
    table: "结果",
    legend: `✓ 遵守，✗ 违反，– 不适用：weRequest 没有退出登录；weRequest 和教程写法都不使用刷新令牌。`,
    rule: "规则",
    counted: "适用的规则中遵守的数量",
    seen: "看到的现象",
  },
}

/** The page of docs/ with the table and what was seen. @param day as `2026-01-31` */
export function conformancePage(language: Language, columns: readonly Column[], day: string): string {
  const say = words[language]
  const nameOf = language === "en" ? (rule: string) => rule : translated
  const [head = [], ...rows] = conformanceTable(columns, nameOf)
  const lines = [
    [say.rule, ...head.slice(1)],
    ["---", ...columns.map(() => ":-:")],
    ...rows.slice(0, -1),
    [say.counted, ...(rows.at(-1) ?? []).slice(1)],
  ]
  const clients = columns.map(({ client }) => [
    client.name,
    client.version,
    `[${client.file.replace(/^.*\//, "")}](../../${client.file})`,
  ])
  return `# ${say.title}

${say.other}

${say.intro}

${say.played(day, process.versions.node)}

\`\`\`sh
npm run conformance -w bench -- --docs
\`\`\`

## ${say.setup}

${say.setupText}

${table([[say.client, say.version, say.how], ["---", "---", "---"], ...clients])}

## ${say.table}

${say.legend}

${table(lines)}

## ${say.seen}

${columns
  .map(column => seenOf(column, nameOf))
  .filter(Boolean)
  .join("\n\n")}
`
}

function table(lines: readonly (readonly string[])[]): string {
  return lines.map(cells => `| ${cells.join(" | ")} |`).join("\n")
}

function seenOf(column: Column, nameOf: (rule: string) => string): string {
  // How often a client goes round until it is stopped depends on the machine.
  const lines = broken(column).map(
    ({ name, seen = "" }) => `${nameOf(name)}\n    ${seen.replace(/\d{3,} times/, "hundreds of times")}`,
  )
  return lines.length === 0 ? "" : `### ${column.client.name}\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\``
}

function translated(rule: string): string {
  const chinese = chineseRules[rule]
  if (chinese === undefined) throw new Error(`chinese-rules.ts has no "${rule}"`)
  return chinese
}
