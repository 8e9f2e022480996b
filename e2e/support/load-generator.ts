/**
 * Posts logins over plain sockets, cheaper than any client, because it shares the machine with who is measured:
 * `node load-generator.ts '{"port": …, "connections": …, "seconds": …, "rate": …}'`. Prints a {@link LoadReport}.
 *
 * With a rate it is an open load: requests are due when they are due, whether or not earlier ones are answered, and their time counts from
 * then. Without one each connection sends as soon as it is answered.
 */
import { connect, type Socket } from "node:net"

export interface LoadSettings {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Requests a second. */
  readonly rate?: number
}

/** Milliseconds. */
interface Times {
  readonly p50: number
  readonly p99: number
  readonly most: number
}

export interface LoadReport {
  readonly seconds: number
  /** Requests that were due, and of those the ones for which a connection was free. */
  readonly due: number
  readonly sent: number
  /** By `200` or `503 overloaded`. */
  readonly answers: Readonly<Record<string, { readonly count: number; readonly times: Times }>>
  readonly withoutRetryAfter: number
  /** Connections that ended without an answer to what was sent. */
  readonly cutOff: number
  /** Connections that had to be made anew. */
  readonly reconnects: number
  /** Seconds of CPU that this took. */
  readonly cpu: number
}

const settings = JSON.parse(process.argv[2] ?? "{}") as LoadSettings
const { port, connections, seconds, rate } = settings

const times = new Map<string, number[]>()
const free: Connection[] = []
let due = 0
let sent = 0
let withoutRetryAfter = 0
let cutOff = 0
let reconnects = 0
let over = false
let code = 0
const run = process.pid.toString(36)

class Connection {
  #socket: Socket
  #received = ""
  #since: number | undefined = undefined

  constructor() {
    this.#socket = this.#open()
  }

  #open(): Socket {
    const socket = connect(port, "127.0.0.1")
    socket.setNoDelay(true).setEncoding("latin1")
    socket.once("connect", () => this.#rest())
    socket.on("data", text => this.#onData(text.toString()))
    socket.on("error", () => {})
    socket.once("close", () => {
      if (this.#since !== undefined) cutOff += 1
      this.#since = undefined
      this.#received = ""
      const index = free.indexOf(this)
      if (index >= 0) free.splice(index, 1)
      if (over) return
      reconnects += 1
      this.#socket = this.#open()
    })
    return socket
  }

  #rest(): void {
    if (rate === undefined && !over) this.send(performance.now())
    else free.push(this)
  }

  send(since: number): void {
    code += 1
    sent += 1
    if (rate === undefined) due += 1
    this.#since = since
    const body = `{"code":"p${code % 50_000}-${run}-${code}"}`
    this.#socket.write(
      `POST /login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  }

  #onData(text: string): void {
    this.#received += text
    const headEnd = this.#received.indexOf("\r\n\r\n")
    if (headEnd < 0) return
    const head = this.#received.slice(0, headEnd)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (this.#received.length < headEnd + 4 + length) return
    const status = head.slice(9, 12)
    const key =
      status === "200" ? status : `${status} ${/"code":"(\w+)"/.exec(this.#received.slice(headEnd))?.[1]}`
    this.#received = ""
    if (status === "503" && !/retry-after: [1-9]/i.test(head)) withoutRetryAfter += 1
    const list = times.get(key) ?? []
    times.set(key, list)
    if (!over) list.push(performance.now() - (this.#since ?? 0))
    this.#since = undefined
    if (!/connection: close/i.test(head)) this.#rest()
  }
}

function timesOf(list: number[]): Times {
  const sorted = Float64Array.from(list).sort()
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return { p50: at(0.5), p99: at(0.99), most: at(1) }
}

for (let count = 0; count < connections; count += 1) {
  new Connection()
  // So many at once would wait in the queue of a server that has only just begun.
  if (count % 200 === 199) await new Promise(resolve => setTimeout(resolve, 20))
}
if (rate !== undefined)
  while (free.length < connections) await new Promise(resolve => setTimeout(resolve, 10))

const cpuBefore = process.cpuUsage()
const start = performance.now()
console.log("started")
const timer = setInterval(() => {
  if (rate === undefined) return
  const elapsed = performance.now() - start
  for (const until = (elapsed / 1_000) * rate; due < until; due += 1)
    free.shift()?.send(start + (due / rate) * 1_000)
}, 2)
await new Promise(resolve => setTimeout(resolve, seconds * 1_000))
clearInterval(timer)
const took = (performance.now() - start) / 1_000
over = true
const { user, system } = process.cpuUsage(cpuBefore)
const report: LoadReport = {
  seconds: took,
  due,
  sent,
  answers: Object.fromEntries(
    [...times].map(([key, list]) => [key, { count: list.length, times: timesOf(list) }]),
  ),
  withoutRetryAfter,
  cutOff,
  reconnects,
  cpu: (user + system) / 1e6,
}
console.log(`report ${JSON.stringify(report)}`)
process.exit(0)
