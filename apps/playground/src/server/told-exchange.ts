import type { Message, Text } from "../protocol.ts"
import { type Device, joinNotes, type Recording, titleOf } from "./recording.ts"
import type { RelayedReply, RelayedRequest } from "./relayed-request.ts"
import { errorNote } from "./route-words.ts"
import { lostNote } from "./spoil-notes.ts"
import { viewToken } from "./token-view.ts"

/** A request of the mini program, or of the web page, that was told; its end is told once. */
export interface ToldExchange {
  reply(reply: RelayedReply): void
  /** It gets no reply; `reply` is what it would have got, if the server said something. */
  lost(reply: RelayedReply | null, why: Text): void
}

/** Tells of the request. @param notes what was done to it @param startedAt if that was before now */
export function tellRequest(
  { feed, masker }: Recording,
  device: Device,
  asked: RelayedRequest,
  notes: readonly Text[],
  startedAt = Date.now(),
): ToldExchange {
  const { words } = asked
  const client = device === "computer" ? "web" : "miniprogram"
  const exchange = feed.nextExchange()
  const stepOf = (step: Message["step"]) => (device === "phone" ? step : null)
  feed.add({
    exchange,
    step: stepOf(words.step.request),
    from: client,
    to: "server",
    kind: "request",
    title: titleOf(device, words.request.title),
    note: joinNotes(...notes, words.request.note),
    ok: null,
    durationMs: null,
    token: viewToken(asked.token, masker),
    rows: [],
    ...asked.shown,
  })

  function back() {
    const durationMs = Date.now() - startedAt
    const step = stepOf(words.step.reply)
    return { exchange, step, from: "server", to: client, durationMs, rows: [] } as const
  }

  return {
    reply({ ok, json, token, shown }) {
      feed.add({
        ...back(),
        kind: "reply",
        title: titleOf(device, ok ? words.success.title : words.failure),
        note: ok ? words.success.note : errorNote(json.code),
        ok,
        token: viewToken(token, masker),
        ...shown,
      })
    },
    lost(reply, why) {
      feed.add({
        ...back(),
        kind: "lost",
        title: titleOf(device, { en: "No reply arrives", zh: "没有收到响应" }),
        note: device === "computer" ? why : joinNotes(why, lostNote(asked.path)),
        ok: false,
        token: null,
        ...(reply?.shown ?? { line: "no connection", headers: [], body: [] }),
      })
    },
  }
}
