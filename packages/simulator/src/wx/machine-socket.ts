import type { OpenSocket, WebSocketLike } from "./web-socket-like.ts"

/** Node's `WebSocket` takes an object, a browser's the protocols only. */
type MachineSocket = new (url: string, options: object) => WebSocketLike

/** The machine's `WebSocket`: with headers where it takes some; a browser's refuses them at once and goes without. */
export const openMachineSocket: OpenSocket = (url, { header, protocols }) => {
  const Socket = WebSocket as MachineSocket
  try {
    return new Socket(url, { headers: header, protocols: [...protocols] })
  } catch {
    return new Socket(url, [...protocols])
  }
}
