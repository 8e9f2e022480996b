import { DengluError } from "../errors.ts"
import { type Migration, migrateStore } from "../store/migrate-store.ts"
import { SchemaHeldUp } from "../store/patiently.ts"
import { CliError } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { readSettings } from "./settings.ts"
import type { Terminal } from "./terminal.ts"

/** `denglu migrate`: the schema up to date, before new instances start. */
export async function runMigrate(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const { store } = (await readSettings(invocation)).config
  const check = flags.has("check")
  const migration = await migrate(terminal, typeof store === "string" ? store : "", check)
  const { engine, from, to } = migration
  const toDo = check && from < to
  if (flags.has("json")) terminal.out(JSON.stringify({ ...migration, to_do: toDo }))
  else if (from === to)
    terminal.out(
      terminal.say({
        en: `${engine}: schema ${to}, up to date.`,
        zh: `${engine}：结构版本 ${to}，已是最新。`,
      }),
    )
  else if (check)
    terminal.out(
      terminal.say({
        en: `${engine}: schema ${from}, this version works with ${to}. Run denglu migrate.`,
        zh: `${engine}：结构版本 ${from}，本版本需要 ${to}。请运行 denglu migrate。`,
      }),
    )
  else
    terminal.out(
      terminal.say({
        en: `${terminal.green("✓")} ${engine}: schema ${from} → ${to}.`,
        zh: `${terminal.green("✓")} ${engine}：结构版本 ${from} → ${to}。`,
      }),
    )
  return toDo ? 1 : 0
}

async function migrate(terminal: Terminal, store: string, check: boolean): Promise<Migration> {
  const onWait = () =>
    terminal.progress(
      terminal.say({
        en: "Transactions that are running keep it from a table: it waits for them and tries again.",
        zh: "有正在运行的事务占用数据表：等待其结束后重试。",
      }),
    )
  try {
    return await migrateStore(store, check, { onWait })
  } catch (error) {
    if (error instanceof SchemaHeldUp)
      throw new CliError({
        en: `The schema is not up to date yet: ${error.message}.`,
        zh: "数据库结构尚未升级完：正在运行的事务占用数据表已达一分钟；已完成的部分会保留。请结束长时间运行的事务（备份、报表），或等登录较少时，再次运行 denglu migrate。",
      })
    if (error instanceof DengluError || error instanceof TypeError || error instanceof RangeError)
      throw new CliError({
        en: `The schema can't be brought up to date: ${error.message}.`,
        zh: `无法升级数据库结构：${error.message}。`,
      })
    throw error
  }
}
