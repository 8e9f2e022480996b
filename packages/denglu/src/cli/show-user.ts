import type { Phone } from "../store/phone-store.ts"
import type { Merge, ResolvedUser, Store } from "../store/store.ts"
import { maskedPhone, normalPhone } from "../user/phone-number.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import { sessionRows } from "./sessions.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"
import { isoTime, noSuchUser, userIn } from "./which-user.ts"

/** `denglu users show` */
export async function showUser(invocation: Invocation): Promise<number> {
  const id = userIn(invocation, "show")
  return withToolStore(invocation, async ({ store }) => {
    const user = await store.resolveUser(id)
    if (user === undefined) throw noSuchUser(id)
    const sessions = await store.listSessions(user.id, (await store.now?.()) ?? Date.now())
    tell(invocation, {
      ...userRow(user, await store.findPhone(user.id)),
      sessions: sessionRows(sessions).map(({ user_id: _, ...session }) => session),
      merges: (await store.listMergesOf(user.id)).map(mergeRow),
    })
    return 0
  })
}

/** `denglu users find`: answers 1 if there is none. */
export async function findUsers(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const find = wanted(invocation)
  return withToolStore(invocation, async ({ store }) => {
    const rows: ReturnType<typeof userRow>[] = []
    for (const id of await find(store)) {
      const user = await store.resolveUser(id)
      if (user !== undefined) rows.push(userRow(user, await store.findPhone(user.id)))
    }
    if (flags.has("json")) terminal.out(JSON.stringify(rows))
    else if (rows.length === 0) terminal.err(terminal.say({ en: "Nobody.", zh: "没有找到用户。" }))
    else
      terminal.out(
        renderTable(
          [
            terminal.say({ en: "user", zh: "用户" }),
            terminal.say({ en: "nickname", zh: "昵称" }),
            terminal.say({ en: "since", zh: "创建时间" }),
            terminal.say({ en: "apps", zh: "应用" }),
            terminal.say({ en: "deleted for good", zh: "彻底注销时间" }),
          ],
          rows.map(row => [
            row.id,
            row.nickname ?? "-",
            row.created_at.slice(0, 16),
            row.identities.map(({ appid }) => appid).join(", "),
            row.leaves_at?.slice(0, 16) ?? "-",
          ]),
        ),
      )
    return rows.length === 0 ? 1 : 0
  })
}

/** What is looked for, checked. */
function wanted(invocation: Invocation): (store: Store) => Promise<readonly string[]> {
  const [openid, unionid, phone] = ["openid", "unionid", "phone"].map(name => flagText(invocation, name))
  if ([openid, unionid, phone].filter(text => text !== undefined).length !== 1)
    throw new CliError(
      {
        en: "Say one of --openid, --unionid and --phone.",
        zh: "请在 --openid、--unionid、--phone 中指定一个。",
      },
      usageExit,
    )
  if (openid !== undefined) return store => store.findUsersBy({ openid })
  if (unionid !== undefined) return store => store.findUsersBy({ unionid })
  return async store => {
    const number = await e164(phone as string)
    const owner = await store.findPhoneOwner(number)
    return owner === undefined ? [] : [owner]
  }
}

/** A number without `+` is one of mainland China. @throws CliError if it can't be one; without the number in it */
async function e164(text: string): Promise<string> {
  const plain = text.replace(/[\s()-]/g, "")
  if (/^\+[1-9]\d{5,14}$/.test(plain)) return plain
  const number = /^\d{5,15}$/.test(plain) ? await normalPhone("86", plain) : undefined
  if (number !== undefined) return number.phone
  throw new CliError(
    {
      en: "--phone takes a number as +8613800138000; without the + it is one of mainland China.",
      zh: "--phone 的格式为 +8613800138000；不带 + 时视为中国大陆号码。",
    },
    usageExit,
  )
}

function userRow(user: ResolvedUser, phone: Phone | undefined) {
  return {
    id: user.id,
    nickname: user.nickname,
    created_at: isoTime(user.createdAt),
    leaves_at: user.leavesAt === null ? null : isoTime(user.leavesAt),
    merged_ids: user.mergedIds,
    phone: phone === undefined ? null : maskedPhone(phone),
    identities: user.identities.map(({ appid, openid, unionid, openPlatform, createdAt }) => ({
      appid,
      openid,
      unionid,
      open_platform: openPlatform,
      created_at: isoTime(createdAt),
    })),
  }
}

function mergeRow({ id, survivorId, absorbedId, at, undoneAt }: Merge) {
  return {
    id,
    survivor_id: survivorId,
    absorbed_id: absorbedId,
    at: isoTime(at),
    undone_at: undoneAt === null ? null : isoTime(undoneAt),
  }
}

interface Shown extends ReturnType<typeof userRow> {
  readonly sessions: readonly Omit<ReturnType<typeof sessionRows>[number], "user_id">[]
  readonly merges: readonly ReturnType<typeof mergeRow>[]
}

function tell({ terminal, flags }: Invocation, user: Shown): void {
  if (flags.has("json")) {
    terminal.out(JSON.stringify(user))
    return
  }
  const { identities, sessions, merges } = user
  const minute = (time: string | null) => time?.slice(0, 16) ?? "-"
  const facts = [
    [terminal.say({ en: "nickname", zh: "昵称" }), user.nickname ?? "-"],
    [terminal.say({ en: "phone", zh: "手机号" }), user.phone ?? "-"],
    [terminal.say({ en: "since", zh: "创建时间" }), user.created_at],
    [terminal.say({ en: "deleted for good", zh: "彻底注销时间" }), user.leaves_at ?? "-"],
    [terminal.say({ en: "live sessions", zh: "有效会话" }), String(sessions.length)],
    [terminal.say({ en: "merged into it", zh: "已并入" }), user.merged_ids.join(", ") || "-"],
  ]
  const tables = [
    renderTable([terminal.say({ en: "user", zh: "用户" }), user.id], facts),
    renderTable(
      ["appid", "openid", "unionid", terminal.say({ en: "open platform", zh: "开放平台" })],
      identities.map(row => [row.appid, row.openid, row.unionid ?? "-", row.open_platform]),
    ),
    sessions.length > 0 &&
      renderTable(
        [
          terminal.say({ en: "session", zh: "会话" }),
          "appid",
          terminal.say({ en: "since", zh: "登录时间" }),
          terminal.say({ en: "last seen", zh: "最近活动" }),
          terminal.say({ en: "device", zh: "设备" }),
        ],
        sessions.map(row => [
          row.id,
          row.appid,
          minute(row.created_at),
          minute(row.last_seen_at),
          row.user_agent.slice(0, 40),
        ]),
      ),
    merges.length > 0 &&
      renderTable(
        [
          terminal.say({ en: "merge", zh: "合并" }),
          terminal.say({ en: "survivor", zh: "保留" }),
          terminal.say({ en: "absorbed", zh: "并入" }),
          terminal.say({ en: "at", zh: "时间" }),
          terminal.say({ en: "undone", zh: "撤销时间" }),
        ],
        merges.map(row => [row.id, row.survivor_id, row.absorbed_id, minute(row.at), minute(row.undone_at)]),
      ),
  ]
  terminal.out(tables.filter(table => table !== false).join("\n\n"))
}
