import type { Bilingual } from "../http/problem-table.ts"
import type { AuditFault, AuditVerdict } from "../session/audit-verifier.ts"
import type { Terminal } from "./terminal.ts"

/** Tells what a look at the audit has found: what is good on standard output, what is wrong on standard error. */
export function sayVerdict(terminal: Terminal, verdict: AuditVerdict): void {
  const { fault, dropped } = verdict
  const [blocks, events] = [counted(verdict.blocks, "block"), counted(verdict.events, "event")]
  const [blocksZh, eventsZh] = [verdict.blocks, verdict.events].map(count => count.toLocaleString("en"))
  if (fault !== undefined) {
    terminal.err(`${terminal.red("✗")} ${terminal.say(faults[fault.kind](fault))}`)
    terminal.err(
      terminal.say({
        en: `  Before it ${blocks} with ${events}: all as they were written.`,
        zh: `  在此之前的 ${blocksZh} 个区块、${eventsZh} 个事件均与写入时一致。`,
      }),
    )
    return
  }
  terminal.out(
    terminal.say({
      en: `${terminal.green("✓")} ${blocks} with ${events}: all as they were written.`,
      zh: `${terminal.green("✓")} ${blocksZh} 个区块、${eventsZh} 个事件，均与写入时一致。`,
    }),
  )
  const more = [
    ...(dropped === undefined
      ? []
      : [
          {
            en: `Blocks up to ${dropped.n} were dropped; the last event in them was of ${dayOf(dropped.lastAt)}.`,
            zh: `区块 ${dropped.n} 及之前的内容已清除，其中最后一个事件的日期为 ${dayOf(dropped.lastAt)}。`,
          },
        ]),
    ...(verdict.unchecked === 0
      ? []
      : [
          {
            en: `Of ${counted(verdict.unchecked, "block")} it could not be checked who made them: the secret is not in DENGLU_SECRET any more. If you never changed it, somebody else did. Put the old one behind the new one to check them.`,
            zh: `${verdict.unchecked} 个区块无法核实由谁生成：对应的密钥已不在 DENGLU_SECRET 中。如果您从未更换过密钥，说明有人改动过。把旧密钥写在新密钥之后即可核实。`,
          },
        ]),
    ...(verdict.late === 0
      ? []
      : [
          {
            en: `${counted(verdict.late, "event")} came into a block more than a minute late: no server ran, one stood still, or somebody wrote into the past.`,
            zh: `${verdict.late} 个事件在发生一分钟之后才被封存：当时没有服务器运行、服务器停顿过，或有人补写了过去的事件。`,
          },
        ]),
    ...(verdict.waiting === 0
      ? []
      : [
          {
            en: `Not sealed yet, of the last two minutes: ${counted(verdict.waiting, "event")}.`,
            zh: `最近两分钟内有 ${verdict.waiting} 个事件尚未封存。`,
          },
        ]),
    ...(verdict.head === undefined
      ? []
      : [
          {
            en: `Head: ${verdict.head.n}:${verdict.head.hash}`,
            zh: `链尾：${verdict.head.n}:${verdict.head.hash}`,
          },
        ]),
  ]
  for (const line of more) terminal.out(`  ${terminal.say(line)}`)
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function eventOf({ event }: AuditFault): Bilingual {
  if (event === undefined) return { en: "an event", zh: "一个事件" }
  const at = new Date(event.at).toISOString()
  return event.userId === ""
    ? { en: `the event ${event.id} of ${at}`, zh: `${at} 的事件 ${event.id}` }
    : {
        en: `the event ${event.id} of user ${event.userId} of ${at}`,
        zh: `用户 ${event.userId} 在 ${at} 的事件 ${event.id}`,
      }
}

const faults: Readonly<Record<AuditFault["kind"], (fault: AuditFault) => Bilingual>> = {
  event_changed: fault => ({
    en: `Changed: ${eventOf(fault).en} is not as it was sealed in block ${fault.n}.`,
    zh: `被修改：${eventOf(fault).zh}与区块 ${fault.n} 封存时不同。`,
  }),
  event_missing: fault => ({
    en: `Missing: ${eventOf(fault).en} was sealed in block ${fault.n} and is not there.`,
    zh: `缺失：${eventOf(fault).zh}曾封存在区块 ${fault.n} 中，现已不存在。`,
  }),
  event_slipped_in: fault => ({
    en: `Slipped in: ${eventOf(fault).en} is in no block, though later events are.`,
    zh: `被插入：${eventOf(fault).zh}不在任何区块中，而之后的事件已封存。`,
  }),
  event_unsealed: fault => ({
    en: `Not sealed: ${eventOf(fault).en} is in no block after two minutes. Is a server running? Its log says why if it can't seal.`,
    zh: `未封存：${eventOf(fault).zh}超过两分钟仍不在任何区块中。服务器是否在运行？无法封存时其日志会说明原因。`,
  }),
  block_changed: ({ n }) => ({
    en: `Changed: block ${n} is not as it was made, or does not follow from the one before it.`,
    zh: `被修改：区块 ${n} 与生成时不同，或与前一个区块不衔接。`,
  }),
  block_missing: ({ n }) => ({
    en: `Missing: block ${n} is not there.`,
    zh: `缺失：区块 ${n} 不存在。`,
  }),
  block_forged: ({ n }) => ({
    en: `Forged: block ${n} was not made with a secret in DENGLU_SECRET.`,
    zh: `伪造：区块 ${n} 不是用 DENGLU_SECRET 中的密钥生成的。`,
  }),
  head_differs: ({ n }) => ({
    en: `Replaced: block ${n} is not the one that was expected.`,
    zh: `被替换：区块 ${n} 与预期的不同。`,
  }),
  head_missing: ({ n }) => ({
    en: `Cut off: the chain ends before block ${n}, which was expected.`,
    zh: `被截断：链在预期的区块 ${n} 之前就结束了。`,
  }),
}
