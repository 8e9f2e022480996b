import type { Session } from "../store/store.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import { limitFlag } from "./limit-flag.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"

/** `denglu sessions list` */
export async function listSessions(invocation: Invocation): Promise<number> {
  const userId = flagText(invocation, "user")
  const limit = limitFlag(invocation)
  return withToolStore(invocation, async ({ store }) => {
    const now = (await store.now?.()) ?? Date.now()
    const sessions =
      userId === undefined
        ? await store.listAllSessions(now, limit)
        : (await store.listSessions(userId, now)).slice(0, limit)
    showSessions(invocation, sessions)
    return 0
  })
}

/** `denglu sessions revoke`: a running server refuses the tokens within a second. */
export async function revokeSessions(invocation: Invocation): Promise<number> {
  const { argument, terminal, flags } = invocation
  const userId = flagText(invocation, "user")
  if ((argument === undefined) === (userId === undefined))
    throw new CliError(
      {
        en: "Say which: denglu sessions revoke SESSION-ID, or --user USER-ID for all of a user's.",
        zh: "请指定要结束的会话：denglu sessions revoke 会话ID，或 --user 用户ID 结束该用户的全部会话。",
      },
      usageExit,
    )
  return withToolStore(invocation, async ({ store }) => {
    const now = (await store.now?.()) ?? Date.now()
    const ended =
      argument === undefined
        ? await store.revokeUserSessions(userId as string, "revoked_by_operator", now)
        : (await store.revokeSession(argument, "revoked_by_operator", now))
          ? [argument]
          : []
    if (flags.has("json")) terminal.out(JSON.stringify({ revoked: ended }))
    else if (ended.length === 0)
      terminal.err(
        terminal.say({
          en: "Nothing to end: there is no such live session.",
          zh: "没有可结束的会话：未找到有效会话。",
        }),
      )
    else
      terminal.out(
        terminal.say({
          en: `Ended ${ended.length} ${ended.length === 1 ? "session" : "sessions"}. Their tokens are refused within a second.`,
          zh: `已结束 ${ended.length} 个会话，其令牌将在一秒内失效。`,
        }),
      )
    return ended.length === 0 ? 1 : 0
  })
}

/** Sessions as scripts get them. */
export function sessionRows(sessions: readonly Session[]) {
  return sessions.map(({ id, userId, appid, createdAt, rotatedAt, userAgent }) => ({
    id,
    user_id: userId,
    appid,
    created_at: new Date(createdAt).toISOString(),
    last_seen_at: new Date(rotatedAt).toISOString(),
    user_agent: userAgent,
  }))
}

function showSessions({ terminal, flags }: Invocation, sessions: readonly Session[]): void {
  const rows = sessionRows(sessions)
  if (flags.has("json")) terminal.out(JSON.stringify(rows))
  else if (rows.length === 0)
    terminal.out(terminal.say({ en: "Nobody is logged in.", zh: "当前没有有效会话。" }))
  else
    terminal.out(
      renderTable(
        [
          terminal.say({ en: "session", zh: "会话" }),
          terminal.say({ en: "user", zh: "用户" }),
          "appid",
          terminal.say({ en: "since", zh: "登录时间" }),
          terminal.say({ en: "last seen", zh: "最近活动" }),
          terminal.say({ en: "device", zh: "设备" }),
        ],
        rows.map(row => [
          row.id,
          row.user_id,
          row.appid,
          row.created_at.slice(0, 16),
          row.last_seen_at.slice(0, 16),
          row.user_agent.slice(0, 40),
        ]),
      ),
    )
}
