import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { DengluError } from "../errors.ts"
import { migrateStore } from "../store/migrate-store.ts"
import { openStore } from "../store/open-store.ts"
import { sqlitePath } from "../store/store-url.ts"
import { schemaFinding } from "./doctor-database.ts"
import { checkLeaving } from "./doctor-leaving.ts"
import type { Finding } from "./finding.ts"

/** Whether opening the store leaves it as it is: it brings an older schema up to date, and makes one where there is none. */
export async function isUpToDate(store: string): Promise<boolean> {
  if (isOnlyInMemory(store)) return true
  try {
    const { from, to } = await migrateStore(store, true)
    return from === to
  } catch (error) {
    if (error instanceof DengluError) return false
    throw error
  }
}

/** Made anew each time it is opened: nothing is kept there to look at, and it has no schema to be behind. */
export const isOnlyInMemory = (store: string) => store.startsWith("memory:") || store === "sqlite::memory:"

/** The path of a SQLite file that is not there. */
export function missingFile(store: string | undefined, cwd: string): string | undefined {
  const path = sqlitePath(store ?? "")
  if (path === undefined || path === ":memory:") return undefined
  const whole = resolve(cwd, path)
  return existsSync(whole) ? undefined : whole
}

export const noStoreYet = (path: string): Finding => ({
  check: "store",
  ok: true,
  says: {
    en: `none yet: the first start makes ${path}. If there should be one, DENGLU_STORE names another.`,
    zh: `尚未创建：首次启动时会生成 ${path}。如果本应存在，请检查 DENGLU_STORE 的路径。`,
  },
})

/** Opens the store as a guest, writes nothing that stays, and compares its times with the clock. */
export async function checkStore(url: string): Promise<readonly Finding[]> {
  try {
    if (!isOnlyInMemory(url)) {
      const { from, to } = await migrateStore(url, true)
      if (from !== to)
        return [schemaFinding({ version: from, known: to, runsCodeFrom: 0 }), checkClock(undefined)]
    }
    const store = await openStore(url, { role: "guest" })
    try {
      await store.ping()
      const [latest] = await store.listAllSessions(0, 1)
      return [
        {
          check: "store",
          ok: true,
          says: { en: `${store.engine} opens and takes writes.`, zh: `${store.engine} 可以打开并写入。` },
        },
        checkClock(latest?.rotatedAt),
        ...(await checkLeaving(store)),
      ]
    } finally {
      await store.close()
    }
  } catch (error) {
    const reason = error instanceof DengluError || error instanceof TypeError ? error.message : "it failed"
    return [
      {
        check: "store",
        ok: false,
        says: {
          en: `can't be used: ${reason}. Check path, rights and space on the disk.`,
          zh: `不可用：${reason}。请检查路径、权限和磁盘空间。`,
        },
      },
      checkClock(undefined),
    ]
  }
}

/** A clock that stands in the past makes tokens live too long, one in the future ends them at once. */
export function checkClock(latestInStore: number | undefined): Finding {
  const now = Date.now()
  const released = Date.UTC(2026, 0, 1)
  const shown = new Date(now).toISOString()
  const behind = now < Math.max(released, (latestInStore ?? 0) - 60_000)
  return behind
    ? {
        check: "clock",
        ok: false,
        says: {
          en: `${shown} lies before what the store has seen; set it, best by NTP.`,
          zh: `${shown} 早于存储中的记录，请校准系统时间（建议使用 NTP）。`,
        },
      }
    : {
        check: "clock",
        ok: true,
        says: { en: `${shown}, not before anything in the store.`, zh: `${shown}，与存储中的记录一致。` },
      }
}
