import type { FeedEvent, Message, ReceivedSms, State } from "../protocol.ts"

/** How the page stands with the server. */
export type Link = "connecting" | "open" | "lost"

/** What the page knows: all of it comes from the feed. */
export interface FeedState {
  readonly link: Link
  readonly state: State | null
  readonly messages: readonly Message[]
  /** Grows whenever the phone has to be loaded anew. */
  readonly phone: number
  /** What it opens then: a page and the launch scene; `null` for the mini program's first page. */
  readonly launch: string | null
  /** What came to the phone last. */
  readonly sms: ReceivedSms | null
}

/** What may happen to a {@link FeedState}. */
export type FeedChange = FeedEvent | { readonly kind: "opened" } | { readonly kind: "lost" }

/** As many as the server keeps. */
const mostMessages = 500

export const emptyFeed: FeedState = {
  link: "connecting",
  state: null,
  messages: [],
  phone: 0,
  launch: null,
  sms: null,
}

/** The state after a change. A message that came before, as after a reconnection, counts once. */
export function nextFeed(feed: FeedState, change: FeedChange): FeedState {
  switch (change.kind) {
    case "opened":
      // The server tells everything again, and a new server counts from one.
      return { ...feed, link: "open", messages: [] }
    case "lost":
      return { ...feed, link: "lost" }
    case "state":
      return { ...feed, state: change.state }
    case "cleared":
      return { ...feed, messages: [] }
    case "phone":
      return { ...feed, phone: feed.phone + 1, launch: change.launch ?? null }
    case "sms":
      return { ...feed, sms: change.sms }
    case "message":
      return { ...feed, messages: withMessage(feed.messages, change.message) }
  }
}

function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const last = messages.at(-1)
  if (last !== undefined && message.id <= last.id) return messages
  return [...messages, message].slice(-mostMessages)
}
