import type { FeedEvent } from "../../src/protocol.ts"

/** Reads server-sent events as a browser does. */
export interface FeedReader {
  /** All that came so far, as it stood on the wire. */
  text(): string
  /** The latest id, as a browser would say it when it comes back. */
  lastId(): string | undefined
  /** All events from the start up to the first for which this holds. Fails when the feed ends before. */
  until(holds: (events: readonly FeedEvent[]) => boolean): Promise<readonly FeedEvent[]>
  /** Resolves when the server has ended the feed. */
  readonly ended: Promise<void>
  close(): void
}

export async function readFeed(url: string, lastEventId?: string): Promise<FeedReader> {
  const hangUp = new AbortController()
  const response = await fetch(url, {
    headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
    signal: hangUp.signal,
  })
  if (response.status !== 200 || response.body === null)
    throw new Error(`the feed answered ${response.status}`)
  let text = ""
  let isOver = false
  let wake = () => {}

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const chunk of body) {
        text += decoder.decode(chunk, { stream: true })
        wake()
      }
    } catch {
      // Hung up, by whichever side.
    }
    isOver = true
    wake()
  }

  function events(): readonly FeedEvent[] {
    const whole = text.slice(0, text.lastIndexOf("\n\n") + 2)
    return [...whole.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => {
      const event = JSON.parse(data ?? "") as FeedEvent
      if (event.kind !== name) throw new Error(`an event named ${name} says ${event.kind}`)
      return event
    })
  }

  return {
    text: () => text,
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    async until(holds) {
      for (;;) {
        const seen = events()
        if (holds(seen)) return seen
        if (isOver) throw new Error("the feed ended before")
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    ended: read(response.body),
    close: () => hangUp.abort(),
  }
}
