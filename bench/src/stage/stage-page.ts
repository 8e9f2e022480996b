import type { StageFigures } from "./stage-figures.ts"
import { causeRows, figureRows } from "./stage-table.ts"

const texts = {
  en: {
    title: "Figures of the stage",
    other: "[中文](../zh/stage-figures.md)",
    intro: (project: string) =>
      `How much of a large mini program that we did not write runs on [the stage](../../packages/stage/README.md): [${project}](https://github.com/${project}), WeChat's own demonstration of every component and API.`,
    figures: "Figures",
    columns: ["what", "figure"],
    machine: ({ commit, day, machine: { node, cores, load } }: StageFigures) =>
      `Commit \`${commit}\`, with its submodule, its npm packages and weui-miniprogram, which WeChat brings by itself. Measured on ${day} with Node ${node.slice(1)} on ${cores} cores${isBusy(cores, load) ? `, for which ${highest(load)} processes were waiting on average: the lower end of each range is nearer to a machine of one's own` : ""}. A start goes from the compiled program to the first page's elements in the document; in jsdom it includes making the document and reading the runtime.`,
    why: "Why the others do not open",
    whyText:
      "A page counts as opened if neither its script nor its components threw anything, at once or in the first 150 ms, without a network.",
    whyColumns: ["reason", "pages"],
    mistakes: "Mistakes that the compiler found",
    mistakesText: (count: number) =>
      count === 0
        ? "None."
        : `${count}. They are the project's own: files and modules that are named and are not there.`,
    again: "Measure again",
  },
  zh: {
    title: "stage 的数据",
    other: "[English](../en/stage-figures.md)",
    intro: (project: string) =>
      `一个并非我们编写的大型小程序能在 [stage](../../packages/stage/README.zh-CN.md) 上运行多少：[${project}](https://github.com/${project})，微信官方的组件与接口示例。`,
    figures: "数据",
    columns: ["项目", "数值"],
    machine: ({ commit, day, machine: { node, cores, load } }: StageFigures) =>
      `提交 \`${commit}\`，含子模块、已安装的 npm 包，以及微信自带的 weui-miniprogram。${day} 用 Node ${node.slice(1)} 在 ${cores} 核机器上测得${isBusy(cores, load) ? `，当时平均有 ${highest(load)} 个进程在争用处理器，因此各区间的下限更接近一台空闲的机器` : ""}。启动用时从编译好的程序算起，到首页元素进入文档为止；在 jsdom 中还包括创建文档和载入运行时。`,
    why: "其余页面为何打不开",
    whyText: "页面的脚本和组件在打开时及其后 150 毫秒内（没有网络）均未抛出异常，才算打开。",
    whyColumns: ["原因", "页面数"],
    mistakes: "编译器发现的错误",
    mistakesText: (count: number) =>
      count === 0 ? "没有。" : `${count} 处，都是该项目自身的问题：引用了不存在的文件或模块。`,
    again: "重新测量",
  },
} as const

/** Whether others wanted the cores too. */
const isBusy = (cores: number, load: readonly number[]) => highest(load) > cores
const highest = (load: readonly number[]) => Math.ceil(Math.max(...load))
const command = "npm run stage -w bench -- <folder> --project owner/name --commit <hash> --docs"

/** The page in docs/, in one language. */
export function stagePage(language: "en" | "zh", figures: StageFigures): string {
  const text = texts[language]
  return [
    `# ${text.title}`,
    text.other,
    text.intro(figures.project),
    `## ${text.figures}`,
    table(text.columns, figureRows(figures, language)),
    text.machine(figures),
    `## ${text.why}`,
    text.whyText,
    table(text.whyColumns, causeRows(figures, language)),
    `## ${text.mistakes}`,
    text.mistakesText(figures.compile.mistakes.length),
    `## ${text.again}`,
    `\`\`\`sh\n${command}\n\`\`\``,
  ]
    .join("\n\n")
    .concat("\n")
}

function table(columns: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  return [columns, ["---", "---:"], ...rows].map(([one, another]) => `| ${one} | ${another} |`).join("\n")
}
