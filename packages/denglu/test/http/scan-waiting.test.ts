import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, describe, expect, test, vi } from "vitest"
import { createMemoryStore } from "../../src/store/memory.ts"
import type { Harness } from "../support/harness.ts"
import { openBrowser, scanHarness, takePhone } from "../support/scanning.ts"

let harness: Harness
afterEach(() => harness.close())

const start = async (...options: Parameters<typeof scanHarness>) => {
  harness = await scanHarness(...options)
}

describe("a browser that waits", () => {
  test("hears by long-polling as soon as something happens here, and not before", async () => {
    await start()
    const browser = await openBrowser(harness)
    const phone = await takePhone(harness, "alice")
    let answered = false
    const waiting = browser.status("?wait=20&status=waiting").finally(() => {
      answered = true
    })
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(answered).toBe(false)
    await phone.scan(browser.image)
    expect((await waiting).body.status).toBe("opened")
    expect((await browser.status("?wait=20&status=waiting")).body.status).toBe("opened")
    expect((await browser.status("?wait=0.05")).body.status).toBe("opened")
    expect((await browser.status("?wait=soon")).body.status).toBe("opened")
  })

  test("hears within about a second of what happened on another instance", async () => {
    const store = createMemoryStore()
    await start({ store })
    const browser = await openBrowser(harness)
    const began = performance.now()
    const waiting = browser.status("?wait=20")
    await new Promise(resolve => setTimeout(resolve, 20))
    const [scan] = await store.findScans([browser.id])
    const { user, session_id: sessionId } = await harness.logIn("alice")
    await store.openScan({
      sceneDigest: scan?.sceneDigest ?? "",
      userId: user.id,
      sessionId,
      appid: harness.appid,
      now: harness.now(),
    })
    expect((await waiting).body.status).toBe("opened")
    expect(performance.now() - began).toBeLessThan(2_500)
  })

  async function openStream(browser: { id: string; proof: object }, headers: Record<string, string> = {}) {
    const response = await harness.login.fetch(
      new Request(`http://login.test/scan/${browser.id}`, {
        headers: { accept: "text/event-stream", ...browser.proof, ...headers },
      }),
    )
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    return {
      response,
      /** The next piece; `undefined` at the end. */
      next: async () => (await reader?.read())?.value,
      cancel: () => reader?.cancel(),
    }
  }

  test("hears every status as an event, and the stream ends with the ticket", async () => {
    await start()
    const browser = await openBrowser(harness)
    const phone = await takePhone(harness, "alice")
    const { response, next } = await openStream(browser)
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8")
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(await next()).toBe("retry: 2000\n\n")
    const event = (status: string) => `id: ${status}\ndata: {"status":"${status}","expires_in":180}\n\n`
    expect(await next()).toBe(event("waiting"))
    await phone.scan(browser.image)
    expect(await next()).toBe(event("opened"))
    await phone.confirm(browser.id, browser.number)
    expect(await next()).toBe(event("confirmed"))
    await browser.redeem()
    expect(await next()).toBe(event("redeemed"))
    expect(await next()).toBeUndefined()
    // An EventSource comes again by itself; 204 tells it not to.
    expect((await openStream(browser, { "last-event-id": "redeemed" })).response.status).toBe(204)
  })

  test("hears of the end by time although nothing happens to the ticket", async () => {
    await start()
    const browser = await openBrowser(harness)
    const { next } = await openStream(browser)
    await next()
    await next()
    harness.advance(180_000)
    expect(await next()).toBe('id: expired\ndata: {"status":"expired","expires_in":0}\n\n')
    expect(await next()).toBeUndefined()
  })

  test("is let go when the server drains, by stream and by long-polling, and asks elsewhere", async () => {
    await start()
    const browser = await openBrowser(harness)
    const { next } = await openStream(browser)
    await next()
    await next()
    const waiting = browser.status("?wait=20")
    await new Promise(resolve => setTimeout(resolve, 20))
    harness.login.drain()
    expect(await next()).toBe(": still here\n\n")
    expect(await next()).toBeUndefined()
    expect((await waiting).body.status).toBe("waiting")
    const late = await openStream(browser)
    expect([await late.next(), await late.next(), await late.next()]).toEqual([
      "retry: 2000\n\n",
      'id: waiting\ndata: {"status":"waiting","expires_in":180}\n\n',
      undefined,
    ])
  })

  test("gets a sign of life every fifteen seconds", async () => {
    await start()
    const browser = await openBrowser(harness)
    vi.useFakeTimers()
    try {
      const { next, cancel } = await openStream(browser)
      await next()
      await next()
      const alive = next()
      await vi.advanceTimersByTimeAsync(15_000)
      expect(await alive).toBe(": still here\n\n")
      await cancel()
    } finally {
      vi.useRealTimers()
    }
  })

  test("over node:http gets the same events as they come, and is forgotten when it goes", async () => {
    await start()
    const server = createServer(harness.login.node)
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
    try {
      const browser = await openBrowser(harness)
      const phone = await takePhone(harness, "alice")
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan/${browser.id}`
      const gone = new AbortController()
      const response = await fetch(url, {
        headers: { accept: "text/event-stream", ...browser.proof },
        signal: gone.signal,
      })
      expect(response.headers.get("content-length")).toBeNull()
      const texts = response.body?.pipeThrough(new TextDecoderStream()) as ReadableStream<string>
      const reader = texts.getReader()
      let seen = ""
      const until = async (text: string) => {
        while (!seen.includes(text)) seen += (await reader.read()).value
      }
      await until('"waiting"')
      await phone.scan(browser.image)
      await until('"opened"')
      gone.abort()
      await expect(reader.read()).rejects.toThrow()
      const head = await fetch(url, {
        method: "HEAD",
        headers: { accept: "text/event-stream", ...browser.proof },
      })
      expect([head.status, await head.text()]).toEqual([200, ""])
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      await closed
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
