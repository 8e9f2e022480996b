import { createHash } from "node:crypto"
import { DengluError } from "../errors.ts"
import { CopyRefused, NotToBeCopied } from "../store/transfer/copy-refused.ts"
import { type CopyOutcome, type CopyProgress, copyStore } from "../store/transfer/copy-store.ts"
import { openTransferSource, openTransferTarget } from "../store/transfer/open-transfer.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import type { Terminal } from "./terminal.ts"

/** `denglu copy`: everything into another database, verified; called again, it goes on where it was. */
export async function runCopy(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const from = urlOf(invocation, "from")
  const to = urlOf(invocation, "to")
  let stopped = false
  const stop = () => {
    if (stopped) process.exit(130)
    stopped = true
  }
  process.on("SIGINT", stop).on("SIGTERM", stop)
  const startedAt = performance.now()
  const source = await opened(() => openTransferSource(from))
  try {
    const target = await opened(() => openTransferTarget(to))
    try {
      const outcome = await copyStore({
        source,
        target,
        sourceName: createHash("sha256").update(from).digest("hex").slice(0, 32),
        clock: Date.now,
        onProgress: progress => terminal.progress(renderProgress(terminal, progress)),
        stopped: () => stopped,
      })
      const seconds = (performance.now() - startedAt) / 1000
      if (flags.has("json")) terminal.out(JSON.stringify(asJson(outcome, seconds)))
      else tell(terminal, outcome, seconds)
      return outcome.finished && outcome.different.length === 0 ? 0 : stopped ? 130 : 1
    } catch (error) {
      throw asCliError(error)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** The store a flag names; `env:NAME` is what that variable holds. @throws CliError if there is none */
function urlOf({ env, flags }: Invocation, name: "from" | "to"): string {
  const given = flagText({ flags }, name)
  const variable = given === undefined ? undefined : /^env:(\w+)$/.exec(given)?.[1]
  const url = variable === undefined ? given : env[variable]?.trim()
  if (url) return url
  throw new CliError(
    variable === undefined
      ? {
          en: `--${name} is missing. denglu copy --help shows how.`,
          zh: `缺少 --${name}，用法见 denglu copy --help。`,
        }
      : {
          en: `--${name}: the variable ${variable} is not set.`,
          zh: `--${name}：环境变量 ${variable} 未设置。`,
        },
    usageExit,
  )
}

async function opened<Result>(open: () => Promise<Result>): Promise<Result> {
  try {
    return await open()
  } catch (error) {
    throw asCliError(error)
  }
}

function asCliError(error: unknown): unknown {
  if (error instanceof CopyRefused)
    return new CliError({
      en: `It can't be copied: ${error.says.en}.`,
      zh: `无法复制：${error.says.zh}。`,
    })
  if (error instanceof NotToBeCopied) return new CliError(error.says, usageExit)
  if (error instanceof DengluError)
    return new CliError({ en: `It can't be copied: ${error.message}.`, zh: `无法复制：${error.message}。` })
  if (error instanceof TypeError) return new CliError({ en: error.message, zh: error.message }, usageExit)
  return error
}

const width = 24

function renderProgress(terminal: Terminal, { phase, table, done, total }: CopyProgress): string {
  const part = total === 0 ? 1 : Math.min(done / total, 1)
  const full = Math.round(part * width)
  const what =
    phase === "copying"
      ? terminal.say({ en: "copying  ", zh: "复制" })
      : terminal.say({ en: "verifying", zh: "校验" })
  const count = `${done.toLocaleString("en")}/${total.toLocaleString("en")}`
  return `${what} ${table.padEnd(12)} ${"█".repeat(full)}${"░".repeat(width - full)} ${String(Math.floor(part * 100)).padStart(3)} %  ${count}`
}

function asJson({ finishedBefore, ...outcome }: CopyOutcome, seconds: number) {
  const before =
    finishedBefore === undefined ? {} : { finished_before: new Date(finishedBefore).toISOString() }
  return { ...outcome, ...before, seconds }
}

function tell(terminal: Terminal, outcome: CopyOutcome, seconds: number): void {
  const { finished, rows, resumed, different, finishedBefore } = outcome
  const count = rows.toLocaleString("en")
  if (finishedBefore !== undefined) {
    const when = new Date(finishedBefore).toISOString()
    terminal.out(
      terminal.say({
        en: `${terminal.green("✓")} This copy was finished at ${when}: ${count} rows, as many as the source has now. Nothing is left to do but to set DENGLU_STORE to the new database; keep DENGLU_SECRET.`,
        zh: `${terminal.green("✓")} 此复制已于 ${when} 完成：共 ${count} 行，与来源现有行数一致。无需再复制；请把 DENGLU_STORE 改为新数据库，DENGLU_SECRET 保持不变。`,
      }),
    )
    return
  }
  if (!finished) {
    terminal.err(
      terminal.say({
        en: `Stopped after ${count} rows. Call it again with the same words to go on.`,
        zh: `已停止，完成 ${count} 行。用同样的参数再次运行即可继续。`,
      }),
    )
    return
  }
  if (different.length > 0) {
    terminal.err(
      terminal.say({
        en: "The target differs from the source, so do not use it. Drop the whole target database, make it anew and copy again, with no server on the source meanwhile:",
        zh: "目标与来源不一致，请不要使用。请停止使用来源的服务器，删除整个目标数据库并重新创建，然后重新复制：",
      }),
    )
    for (const line of different) terminal.err(`  ${terminal.red("✗")} ${line}`)
    return
  }
  const before =
    resumed === 0
      ? ""
      : terminal.say({
          en: ` (${resumed.toLocaleString("en")} before)`,
          zh: `（其中此前已复制 ${resumed.toLocaleString("en")} 行）`,
        })
  terminal.out(
    terminal.say({
      en: `${terminal.green("✓")} ${count} rows copied${before} and each compared, in ${seconds.toFixed(1)} s. Now set DENGLU_STORE to the new database; keep DENGLU_SECRET.`,
      zh: `${terminal.green("✓")} 已复制 ${count} 行${before}并逐行校验，用时 ${seconds.toFixed(1)} 秒。请把 DENGLU_STORE 改为新数据库，DENGLU_SECRET 保持不变。`,
    }),
  )
}
