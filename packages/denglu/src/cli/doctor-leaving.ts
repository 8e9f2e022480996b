import type { Store } from "../store/store.ts"
import type { Finding } from "./finding.ts"

/** A running server erases who is due every ten seconds: after so long (ms) something is in its way. */
const overdueAfter = 600_000

/** Whether those who have deleted their account were erased in time; nothing is said where all were. */
export async function checkLeaving(store: Pick<Store, "now" | "countOverdue">): Promise<readonly Finding[]> {
  const now = (await store.now?.()) ?? Date.now()
  const { count, oldest } = await store.countOverdue(now)
  if (oldest === undefined || now - oldest < overdueAfter) return []
  const since = new Date(oldest).toISOString()
  return [
    {
      check: "deleted accounts",
      ok: false,
      says: {
        en: `that wait to be erased: ${count}, the longest since ${since}. Either no server runs, or onPurge fails: the log says "a user who has left can't be erased".`,
        zh: `等待清除：${count} 个，最早的应在 ${since} 清除。可能没有服务器在运行，或 onPurge 失败：日志中有 “a user who has left can't be erased”。`,
      },
    },
  ]
}
