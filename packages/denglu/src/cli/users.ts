import type { Bilingual } from "../http/problem-entry.ts"
import { createRandomBytes, newId } from "../random.ts"
import type { Conflict, Merge, MergePreview, MergeRefusal, Store, UndoRefusal } from "../store/store.ts"
import { CliError, usageExit } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { confirmed } from "./confirm.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"

const clockOf = async (store: Store) => (await store.now?.()) ?? Date.now()

/** `denglu users conflicts` */
export async function listConflicts(invocation: Invocation): Promise<number> {
  const { terminal, flags } = invocation
  return withToolStore(invocation, async ({ store }) => {
    const found: Conflict[] = []
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const page: Awaited<ReturnType<Store["listConflicts"]>> = await store.listConflicts(cursor)
      found.push(...page.conflicts)
      cursor = page.cursor
    }
    const rows = found.map(({ ownerId, userId, unionid, openPlatform, appid }) => ({
      user_id: ownerId,
      other_user_id: userId,
      unionid,
      open_platform: openPlatform,
      appid,
    }))
    if (flags.has("json")) terminal.out(JSON.stringify(rows))
    else if (rows.length === 0)
      terminal.out(
        terminal.say({ en: "No unionid is two users'.", zh: "没有发现同一 unionid 属于两个用户的情况。" }),
      )
    else
      terminal.out(
        renderTable(
          [
            terminal.say({ en: "user", zh: "用户" }),
            terminal.say({ en: "the same person", zh: "同一人的另一用户" }),
            "unionid",
            terminal.say({ en: "open platform", zh: "开放平台" }),
            "appid",
          ],
          rows.map(row => Object.values(row)),
        ),
      )
    return 0
  })
}

/** `denglu users merge` */
export async function mergeTwoUsers(invocation: Invocation): Promise<number> {
  const { flags } = invocation
  const [survivorId, absorbedId] = (invocation.argument ?? "").split(" ")
  if (!survivorId || !absorbedId)
    throw new CliError(
      {
        en: "Say both: denglu users merge SURVIVOR ABSORBED. What ABSORBED has becomes SURVIVOR's.",
        zh: "请指定两个用户：denglu users merge 保留的用户 被并入的用户。后者的身份将归前者所有。",
      },
      usageExit,
    )
  const dropPhone = flags.has("drop-phone")
  return withToolStore(invocation, async ({ store }) => {
    const preview = await store.previewMerge(survivorId, absorbedId, await clockOf(store))
    const refusal = preview.refusal ?? (preview.dropsPhone && !dropPhone ? "phone" : undefined)
    if (refusal !== undefined) throw new CliError(refusals[refusal])
    if (!flags.has("json")) showPreview(invocation, preview)
    const question = { en: "Merge them?", zh: "确定合并？" }
    if (!(await confirmed(invocation, question))) return 1
    const now = await clockOf(store)
    const outcome = await store.mergeUsers({
      id: newId(createRandomBytes()),
      survivorId,
      absorbedId,
      dropPhone,
      actor: "operator",
      now,
    })
    if (outcome.kind === "refused") throw new CliError(refusals[outcome.why])
    await store.endStraySessions(now, now)
    tellMerge(invocation, outcome.merge, {
      en: `Merged. To undo it, within 30 days: denglu users undo-merge ${outcome.merge.id}`,
      zh: `已合并。30 天内可撤销：denglu users undo-merge ${outcome.merge.id}`,
    })
    return 0
  })
}

/** `denglu users undo-merge` */
export async function undoOneMerge(invocation: Invocation): Promise<number> {
  const id = invocation.argument
  if (id === undefined)
    throw new CliError(
      {
        en: "Say which: denglu users undo-merge MERGE-ID. denglu users show lists the merges of a user.",
        zh: "请指定合并编号：denglu users undo-merge 编号。denglu users show 可列出用户的合并记录。",
      },
      usageExit,
    )
  return withToolStore(invocation, async ({ store }) => {
    const question = { en: "Give back what the merge moved?", zh: "确定撤销这次合并？" }
    if (!(await confirmed(invocation, question))) return 1
    const now = await clockOf(store)
    const outcome = await store.undoMerge({ id, actor: "operator", now })
    if (outcome.kind === "refused") throw new CliError(undoRefusals[outcome.why])
    await store.endStraySessions(now, now)
    tellMerge(invocation, outcome.merge, { en: "Undone.", zh: "已撤销。" })
    return 0
  })
}

const refusals: Readonly<Record<MergeRefusal, Bilingual>> = {
  same: { en: "Both are the same user.", zh: "两个 ID 是同一个用户。" },
  unknown: { en: "There is no such user.", zh: "没有这个用户。" },
  merged: {
    en: "One of them was merged before; denglu users show ID tells into whom.",
    zh: "其中一个用户已被合并，denglu users show ID 可查看并入了谁。",
  },
  leaving: { en: "One of them is about to be deleted.", zh: "其中一个用户正在注销。" },
  phone: {
    en: "Both have a phone number. With --drop-phone that of ABSORBED goes; an undo brings it back if nobody has it then.",
    zh: "两个用户都绑定了手机号。加 --drop-phone 将放弃被并入用户的手机号；撤销合并时若该号码仍无人使用会恢复。",
  },
}

const undoRefusals: Readonly<Record<UndoRefusal, Bilingual>> = {
  unknown: { en: "There is no such merge.", zh: "没有这次合并。" },
  undone: { en: "It was undone before.", zh: "这次合并已被撤销。" },
  too_late: {
    en: "It is more than 30 days ago: what it moved is forgotten.",
    zh: "合并已超过 30 天，迁移记录已清除。",
  },
}

function showPreview({ terminal }: Invocation, { survivor, absorbed, ...preview }: MergePreview): void {
  const apps = absorbed?.identities.map(({ appid }) => appid).join(", ") ?? ""
  terminal.out(
    terminal.say({
      en: `${absorbed?.id} becomes part of ${survivor?.id}:`,
      zh: `${absorbed?.id} 将并入 ${survivor?.id}：`,
    }),
  )
  const lines: readonly Bilingual[] = [
    { en: `identities in ${apps || "no app"} move`, zh: `迁移身份：${apps || "无"}` },
    { en: `live sessions that end: ${preview.sessions}`, zh: `终止的有效会话：${preview.sessions}` },
    ...(preview.phone === undefined
      ? []
      : [
          preview.dropsPhone
            ? { en: "its phone number goes", zh: "其手机号将被放弃" }
            : { en: "its phone number moves", zh: "其手机号将一并迁移" },
        ]),
  ]
  for (const line of lines) terminal.out(`  ${terminal.say(line)}`)
}

function tellMerge({ terminal, flags }: Invocation, merge: Merge, says: Bilingual): void {
  terminal.out(flags.has("json") ? JSON.stringify(merge) : terminal.say(says))
}
