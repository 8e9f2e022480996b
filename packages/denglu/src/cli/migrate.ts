import { DengluError } from "../errors.ts"
import { type Migration, migrateStore } from "../store/migrate-store.ts"
import { CliError } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { readSettings } from "./settings.ts"

/** `denglu migrate`: the schema up to date, before new instances start. */
export async function runMigrate(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const { store } = (await readSettings(invocation)).config
  const check = flags.has("check")
  const migration = await migrate(typeof store === "string" ? store : "", check)
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

async function migrate(store: string, check: boolean): Promise<Migration> {
  try {
    return await migrateStore(store, check)
  } catch (error) {
    if (error instanceof DengluError || error instanceof TypeError || error instanceof RangeError)
      throw new CliError({
        en: `The schema can't be brought up to date: ${error.message}.`,
        zh: `无法升级数据库结构：${error.message}。`,
      })
    throw error
  }
}
