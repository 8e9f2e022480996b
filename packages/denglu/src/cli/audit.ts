import { createAuditMac } from "../session/audit-mac.ts"
import { type AuditHead, type AuditVerdict, verifyAudit } from "../session/audit-verifier.ts"
import { createSecretRing } from "../session/secret-ring.ts"
import type { AuditEvent } from "../store/audit-store.ts"
import type { Store } from "../store/store.ts"
import { sayVerdict } from "./audit-verdict.ts"
import { CliError, usageExit } from "./cli-error.ts"
import { flagText, type Invocation } from "./command.ts"
import { limitFlag } from "./limit-flag.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"

/** `denglu audit verify`: goes through the whole chain beside a running server. Answers 1 if something is not as it was written. */
export async function runAuditVerify(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  const expect = expectFlag(invocation)
  return withToolStore(invocation, async ({ store, secrets }) => {
    const verdict = await verifyAudit({
      store,
      mac: createAuditMac(createSecretRing(secrets)),
      clock: await clockOf(store),
      expect,
      onProgress: (n, last) =>
        terminal.progress(
          terminal.say({
            en: `block ${n.toLocaleString("en")} of ${last.toLocaleString("en")}`,
            zh: `区块 ${n.toLocaleString("en")}/${last.toLocaleString("en")}`,
          }),
        ),
    })
    if (flags.has("json")) terminal.out(JSON.stringify(asJson(verdict)))
    else sayVerdict(terminal, verdict)
    return verdict.ok ? 0 : 1
  })
}

/** `denglu audit head`: the last block, to be kept where whoever has the database can't reach it. */
export async function runAuditHead(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  return withToolStore(invocation, async ({ store }) => {
    const last = await store.findLastAuditBlock()
    if (flags.has("json")) terminal.out(JSON.stringify(last ? { n: last.n, hash: last.hash } : null))
    else if (last !== undefined) terminal.out(`${last.n}:${last.hash}`)
    else
      terminal.err(
        terminal.say({
          en: "There is no block yet: a server seals events some seconds after they happen.",
          zh: "还没有区块：服务器会在事件发生数秒后将其封存。",
        }),
      )
    return last === undefined ? 1 : 0
  })
}

/** `denglu audit show`: a user's events, or those about nobody, the latest first. */
export async function runAuditShow(invocation: Invocation): Promise<number> {
  const userId = flagText(invocation, "user") ?? ""
  const limit = limitFlag(invocation)
  return withToolStore(invocation, async ({ store }) => {
    const events: AuditEvent[] = []
    while (events.length < limit) {
      const page = await store.listAuditEvents(
        userId,
        Math.min(pageLength, limit - events.length),
        events.at(-1),
      )
      events.push(...page)
      if (page.length < pageLength) break
    }
    showEvents(invocation, events)
    return 0
  })
}

const pageLength = 1_000

function showEvents({ terminal, flags }: Invocation, events: readonly AuditEvent[]): void {
  const rows = events.map(({ at, type, actor, sessionId, appid, detail, id }) => ({
    at: new Date(at).toISOString(),
    type,
    actor,
    session_id: sessionId ?? null,
    appid: appid ?? null,
    detail: detail ?? null,
    id,
  }))
  if (flags.has("json")) terminal.out(JSON.stringify(rows))
  else if (rows.length === 0) terminal.out(terminal.say({ en: "No events.", zh: "没有事件。" }))
  else
    terminal.out(
      renderTable(
        [
          terminal.say({ en: "time", zh: "时间" }),
          terminal.say({ en: "what", zh: "事件" }),
          terminal.say({ en: "by", zh: "操作者" }),
          terminal.say({ en: "session", zh: "会话" }),
          "appid",
          terminal.say({ en: "detail", zh: "详情" }),
        ],
        rows.map(row => [
          row.at,
          row.type,
          row.actor,
          row.session_id ?? "",
          row.appid ?? "",
          row.detail === null ? "" : sayDetail(row.detail),
        ]),
      ),
    )
}

function sayDetail(detail: NonNullable<AuditEvent["detail"]>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(",") : value}`)
    .join(" ")
}

function asJson({ ok, fault, blocks, events, head, dropped, unchecked, late, waiting }: AuditVerdict) {
  return {
    ok,
    fault:
      fault === undefined
        ? null
        : {
            kind: fault.kind,
            n: fault.n ?? null,
            event: fault.event
              ? {
                  user_id: fault.event.userId,
                  at: new Date(fault.event.at).toISOString(),
                  id: fault.event.id,
                }
              : null,
          },
    blocks,
    events,
    head: head ?? null,
    dropped: dropped ? { n: dropped.n, last_at: new Date(dropped.lastAt).toISOString() } : null,
    unchecked,
    late,
    waiting,
  }
}

/** @throws CliError if it is not what `denglu audit head` prints */
function expectFlag(invocation: Invocation): AuditHead | undefined {
  const text = flagText(invocation, "expect")
  if (text === undefined) return undefined
  const [, n, hash] = /^([1-9]\d{0,14}):([A-Za-z0-9_-]{43})$/.exec(text.trim()) ?? []
  if (n !== undefined && hash !== undefined) return { n: Number(n), hash }
  throw new CliError(
    {
      en: "--expect is what `denglu audit head` printed: a number, a colon and 43 characters.",
      zh: "--expect 应为 denglu audit head 打印的内容：数字、冒号和 43 个字符。",
    },
    usageExit,
  )
}

/** The database's clock, where it has one: that is what events are dated by. */
async function clockOf(store: Store): Promise<() => number> {
  const ahead = ((await store.now?.()) ?? Date.now()) - Date.now()
  return () => Date.now() + ahead
}
