import { connect, createServer, type Socket } from "node:net"

/** A way to a database that can fail as networks do. */
export interface WeakNetwork {
  /** The URL of the database, led through here. */
  readonly url: string
  /** How often somebody has connected, or tried to. */
  dials(): number
  /** Breaks all connections, and refuses new ones until {@link mend}. */
  cut(): void
  /** Lets nothing through any more in either direction, and breaks nothing, until {@link mend}. */
  stall(): void
  mend(): void
  close(): Promise<void>
}

export async function openWeakNetwork(databaseUrl: string): Promise<WeakNetwork> {
  const target = new URL(databaseUrl)
  const pairs = new Set<readonly [Socket, Socket]>()
  let state: "whole" | "cut" | "stalled" = "whole"
  let dials = 0

  const server = createServer(near => {
    dials += 1
    if (state === "cut") {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    near.pipe(far)
    far.pipe(near)
    if (state === "stalled") hold(pair)
    for (const socket of pair) {
      socket.on("error", () => {})
      socket.on("close", () => {
        pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  })

  const hold = (pair: readonly [Socket, Socket]) => {
    for (const socket of pair) {
      socket.unpipe()
      socket.pause()
    }
  }

  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const url = new URL(databaseUrl)
  url.port = String(typeof address === "object" ? address?.port : "")
  return {
    url: url.href,
    dials: () => dials,
    cut() {
      state = "cut"
      for (const [near, far] of pairs) {
        near.resetAndDestroy()
        far.destroy()
      }
    },
    stall() {
      state = "stalled"
      for (const pair of pairs) hold(pair)
    },
    mend() {
      state = "whole"
      for (const [near, far] of pairs) {
        near.pipe(far)
        far.pipe(near)
      }
    },
    close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
