import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { type LeavingOptions, settleLeaving } from "../leaving-options.ts"
import { endOfStay } from "../login/leave.ts"
import { createRandomBytes, newId } from "../random.ts"
import type { Store } from "../store/store.ts"
import { exportPersonalData } from "../user/personal-data.ts"
import { CliError } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import { confirmed } from "./confirm.ts"
import { readSettings } from "./settings.ts"
import { withToolStore } from "./tool-store.ts"
import { isoTime, noSuchUser, userIn } from "./which-user.ts"

const clockOf = async (store: Store) => (await store.now?.()) ?? Date.now()
const change = (userId: string, now: number) =>
  ({ userId, now, actor: "operator", eventId: newId(createRandomBytes()) }) as const

/** `denglu users delete`: as if the user had done it. */
export async function deleteUser(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const id = userIn(invocation, "delete")
  const coolingOff = flags.has("now") ? 0 : await coolingOffOf(invocation)
  return withToolStore(invocation, async ({ store }) => {
    const user = await store.resolveUser(id)
    if (user === undefined) throw noSuchUser(id)
    if (user.id !== id)
      throw new CliError({
        en: `${id} was merged into ${user.id}: say that one.`,
        zh: `${id} 已并入 ${user.id}，请使用后者。`,
      })
    const until = endOfStay(await clockOf(store), coolingOff)
    const apps = user.identities.map(({ appid }) => appid).join(", ")
    const question = flags.has("now")
      ? { en: `Delete ${id} (${apps}) for good, now?`, zh: `立即彻底注销 ${id}（${apps}）？` }
      : {
          en: `Delete ${id} (${apps})? It can come back until ${isoTime(until)}.`,
          zh: `注销 ${id}（${apps}）？在 ${isoTime(until)} 之前可以恢复。`,
        }
    if (!(await confirmed(invocation, question))) return 1
    const now = await clockOf(store)
    const outcome = await store.leaveUser({ ...change(id, now), leavesAt: endOfStay(now, coolingOff) })
    if (outcome.kind === "unknown") throw noSuchUser(id)
    // A login that was under way read the user before this.
    await store.endSessionsOfLeaving(now, now)
    const leavesAt = isoTime(outcome.leavesAt)
    const ended = outcome.endedSessions.length
    if (flags.has("json"))
      terminal.out(JSON.stringify({ user_id: id, leaves_at: leavesAt, ended_sessions: ended }))
    else
      terminal.out(
        terminal.say({
          en: `Deleted; sessions that ended: ${ended}. A running server erases it all soon after ${leavesAt}; until then: denglu users restore ${id}`,
          zh: `已注销，终止会话 ${ended} 个。${leavesAt} 之后由运行中的服务器清除全部数据；在此之前可恢复：denglu users restore ${id}`,
        }),
      )
    return 0
  })
}

/** `denglu users restore` */
export async function restoreUser(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const id = userIn(invocation, "restore")
  return withToolStore(invocation, async ({ store }) => {
    const restored = await store.restoreUser(change(id, await clockOf(store)))
    if (!restored) {
      if ((await store.resolveUser(id)) === undefined) throw noSuchUser(id)
      throw new CliError({
        en: `${id} was not deleted, or it is too late: denglu users show ${id}`,
        zh: `${id} 没有注销，或已过恢复期限：denglu users show ${id}`,
      })
    }
    if (flags.has("json")) terminal.out(JSON.stringify({ user_id: id, restored }))
    else
      terminal.out(
        terminal.say({
          en: "Restored. Its sessions stay ended: the next login is as ever.",
          zh: "已恢复。原有会话仍然失效，用户重新登录即可。",
        }),
      )
    return 0
  })
}

/** `denglu users export`: JSON on standard output, or in a new file that only its owner can read. */
export async function exportUser(invocation: Invocation): Promise<number> {
  const { terminal, cwd } = invocation
  const id = userIn(invocation, "export")
  const out = flagText(invocation, "out")
  return withToolStore(invocation, async ({ store }) => {
    const user = await store.resolveUser(id)
    const data = user && (await exportPersonalData(store, user.id))
    if (data === undefined) throw noSuchUser(id)
    const text = JSON.stringify(data, null, 2)
    if (out === undefined) terminal.out(text)
    else {
      write(resolve(cwd, out), text)
      terminal.err(terminal.say({ en: `Written to ${out}.`, zh: `已写入 ${out}。` }))
    }
    return 0
  })
}

/** @throws CliError if the file is there already, or can't be written */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`, { flag: "wx", mode: 0o600 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CliError(
      code === "EEXIST"
        ? { en: `${file} is there already: name a new file.`, zh: `${file} 已存在：请指定新文件。` }
        : { en: `${file} can't be written (${code}).`, zh: `无法写入 ${file}（${code}）。` },
    )
  }
}

/** Seconds; what `denglu dev` keeps has the default. @throws CliError if the configuration has something else than seconds */
async function coolingOffOf(invocation: Invocation): Promise<number> {
  if (invocation.flags.has("dev")) return settleLeaving({}).coolingOff
  const { config, sources } = await readSettings(invocation)
  const { coolingOff } = config as Pick<LeavingOptions, "coolingOff">
  try {
    return settleLeaving(coolingOff === undefined ? {} : { coolingOff }).coolingOff
  } catch (error) {
    const says = `${sources.coolingOff}: ${(error as Error).message}`
    throw new CliError({ en: says, zh: says })
  }
}
