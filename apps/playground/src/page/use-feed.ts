import { useEffect, useReducer } from "preact/hooks"
import type { FeedEvent } from "../protocol.ts"
import { emptyFeed, type FeedChange, type FeedState, nextFeed } from "./feed-state.ts"

const kinds = ["message", "state", "cleared", "phone", "sms"] as const
/** Milliseconds: long enough for a replay to be drawn at once, too short to be seen. */
const gathering = 24
/** Milliseconds. */
const reconnectAfter = 1_000

function nextOfMany(feed: FeedState, changes: readonly FeedChange[]): FeedState {
  return changes.reduce(nextFeed, feed)
}

/** Follows the server's feed for as long as the page is open, and takes it up again whenever it breaks. */
export function useFeed(): FeedState {
  const [feed, apply] = useReducer(nextOfMany, emptyFeed)
  useEffect(() => followFeed(apply), [])
  return feed
}

/** @returns what ends it */
function followFeed(apply: (changes: readonly FeedChange[]) => void): () => void {
  let gathered: FeedChange[] = []
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function add(change: FeedChange): void {
    if (gathered.length === 0) setTimeout(flush, gathering)
    gathered.push(change)
  }
  function flush(): void {
    const changes = gathered
    gathered = []
    apply(changes)
  }
  function connect(): void {
    source = new EventSource("./playground/feed")
    source.onopen = () => add({ kind: "opened" })
    source.onerror = () => {
      // Its own reconnection gives up for good at the first answer that is no feed.
      source?.close()
      add({ kind: "lost" })
      timer = setTimeout(connect, reconnectAfter)
    }
    for (const kind of kinds)
      source.addEventListener(kind, event =>
        add({ ...(JSON.parse(event.data) as object), kind } as FeedEvent),
      )
  }

  connect()
  return () => {
    source?.close()
    clearTimeout(timer)
  }
}
