import type { RequestListener, ServerResponse } from "node:http"
import { inspect } from "node:util"
import { afterEach, describe, expect, test } from "vitest"
import { type Caller, type CallerOptions, createCaller, type WeChatRequest } from "../../src/wechat/call.ts"
import { WeChatError } from "../../src/wechat/wechat-error.ts"
import { closedPort, startServer, startSilence, type WeChatServer } from "./wechat-server.ts"

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const login: WeChatRequest = {
  endpoint: "jscode2session",
  method: "GET",
  path: "/sns/jscode2session",
  query: { secret: "hush-secret", js_code: "hush-code" },
  retry: "busy",
}
const image: WeChatRequest = { ...login, endpoint: "getwxacodeunlimit", accept: "bytes" }

function callerTo(baseUrl: string, options: Partial<CallerOptions> = {}): Caller {
  const caller = createCaller({ baseUrl, timeoutMs: 2_000, clock: () => 0, ...options })
  open.push(caller)
  return caller
}

async function serve(answer: RequestListener, options: Partial<CallerOptions> = {}) {
  const server = await startServer(answer)
  open.push(server)
  return { server, caller: callerTo(server.baseUrl, options) }
}

/** The error of a call that must fail; nothing secret may show in it, however it is printed. */
async function failure(caller: Caller, request: WeChatRequest = login): Promise<WeChatError> {
  const error: unknown = await caller.call(request).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof WeChatError)) throw new Error(`no WeChatError but ${inspect(error)}`)
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hush")
  return error
}

const badReply = { kind: "bad_reply", code: "wechat_unreachable", retryable: false }
const fine = '{"openid":"o1"}'

describe("a good answer", () => {
  test("is the JSON object, whatever the content type says", async () => {
    const { caller, server } = await serve((_, response) => response.end('{"session_key":"\\/Ik","n":1}'))
    await expect(caller.call(login)).resolves.toMatchObject({ json: { session_key: "/Ik", n: 1 } })
    expect(server.asked).toEqual(["/sns/jscode2session?secret=hush-secret&js_code=hush-code"])
  })

  test.each(['{"errcode":0,"a":1}', '{"errcode":"0","a":1}', '\ufeff{"a":1}', ' \n{"a":1}\n'])(
    "may be %j",
    async body => {
      const { caller } = await serve((_, response) => response.end(body))
      await expect(caller.call(login)).resolves.toMatchObject({ json: { a: 1 } })
    },
  )

  test("may come in pieces that cut a character in two", async () => {
    const bytes = Buffer.from('{"name":"登录"}')
    const { caller } = await serve((_, response) => {
      response.write(bytes.subarray(0, 10))
      setTimeout(() => response.end(bytes.subarray(10)), 10)
    })
    await expect(caller.call(login)).resolves.toMatchObject({ json: { name: "登录" } })
  })

  test("answers a POST whose body is JSON", async () => {
    let seen = ""
    const { caller } = await serve((request, response) => {
      seen += `${request.method} ${request.headers["content-type"]} `
      request.on("data", chunk => {
        seen += chunk
      })
      request.on("end", () => response.end(fine))
    })
    await caller.call({ endpoint: "e", method: "POST", path: "/p", json: { a: "é" }, retry: "never" })
    expect(seen).toBe('POST application/json {"a":"é"}')
  })

  test("is a file where one was asked for", async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x7b])
    const { caller } = await serve((_, response) =>
      response.setHeader("content-type", "image/jpeg").end(jpeg),
    )
    const reply = await caller.call(image)
    expect(reply).toMatchObject({ contentType: "image/jpeg" })
    expect(Buffer.from(reply.bytes ?? [])).toEqual(jpeg)
  })

  test("comes over a connection that is used again", async () => {
    const sockets = new Set<unknown>()
    const { caller } = await serve((request, response) => {
      sockets.add(request.socket)
      response.end(fine)
    })
    for (let i = 0; i < 5; i += 1) await caller.call(login)
    // Two: undici lets go of a connection a moment after the answer, when the next call has begun.
    expect(sockets.size).toBeLessThanOrEqual(2)
  })
})

describe("an errcode", () => {
  test.each([40029, "40029"])("is an error of its own (%j)", async errcode => {
    const { caller } = await serve((_, response) => response.end(JSON.stringify({ errcode, errmsg: "hush" })))
    await expect(failure(caller)).resolves.toMatchObject({ errcode: 40029, code: "code_invalid" })
  })

  test("counts even with a status of 500", async () => {
    const { caller } = await serve((_, response) => response.writeHead(500).end('{"errcode":45011}'))
    await expect(failure(caller)).resolves.toMatchObject({ code: "wechat_rate_limited", retryAfter: 60 })
  })

  test("instead of a file is an error, even called an image", async () => {
    const { caller } = await serve((_, response) =>
      response.setHeader("content-type", "image/jpeg").end('{"errcode":41030}'),
    )
    await expect(failure(caller, image)).resolves.toMatchObject({ errcode: 41030 })
  })

  test("-1 is not sent again where that is not safe", async () => {
    const { caller, server } = await serve((_, response) => response.end('{"errcode":-1}'))
    await expect(failure(caller, { ...login, retry: "never" })).resolves.toMatchObject({ errcode: -1 })
    expect(server.asked).toHaveLength(1)
  })
})

describe("an unreadable answer", () => {
  test.each([
    ["empty", 200, ""],
    ["a web page", 200, "<html>hush</html>"],
    ["a web page of an error", 502, "<html>hush</html>"],
    ["half of a JSON object", 200, '{"openid":"hush'],
    ["a JSON array", 200, "[1]"],
    ["null", 200, "null"],
    ["a JSON object with status 500 and no errcode", 500, fine],
    ["a redirection", 302, ""],
    ["one with an errcode null", 200, '{"errcode":null}'],
    ["one with an errcode that is no number", 200, '{"errcode":"hush"}'],
    ["one with an errcode of 1.5", 200, '{"errcode":1.5}'],
  ])("is %s", async (_, status, body) => {
    const { caller, server } = await serve((_, response) =>
      response.writeHead(status, { location: "/elsewhere" }).end(body),
    )
    await expect(failure(caller)).resolves.toMatchObject(badReply)
    expect(server.asked).toHaveLength(1)
  })

  test.each(["", "<html>", '{"errcode":4'])("is %j where a file was asked for", async body => {
    const { caller } = await serve((_, response) => response.end(body))
    await expect(failure(caller, image)).resolves.toMatchObject(badReply)
  })

  test("is one without end", async () => {
    const { caller, server } = await serve((_, response) => {
      response.write(`{"a":"${"x".repeat(70_000)}`)
    })
    await expect(failure(caller)).resolves.toMatchObject(badReply)
    const long = await serve((_, response) => response.end(`{"a":"${"x".repeat(70_000)}"}`))
    await expect(long.caller.call({ ...login, bodyLimit: 80_000 })).resolves.toHaveProperty("json")
    expect(server.asked).toHaveLength(1)
  })
})

describe("a broken connection", () => {
  test.each<[string, RequestListener]>([
    ["before the answer", request => request.socket.resetAndDestroy()],
    ["politely before the answer", request => request.socket.end()],
    [
      "within the answer",
      (request, response) => {
        response
          .writeHead(200, { "content-length": "100" })
          .write('{"openid"', () => request.socket.destroy())
      },
    ],
  ])("%s is not tried again: the code may be used up", async (_, answer) => {
    const { caller, server } = await serve(answer)
    await expect(failure(caller)).resolves.toMatchObject({
      kind: "network",
      code: "wechat_unreachable",
      retryable: false,
    })
    expect(server.asked).toHaveLength(1)
  })

  test("that never came about says so, and may be tried again", async () => {
    const error = await failure(callerTo(`http://127.0.0.1:${await closedPort()}`))
    expect(error).toMatchObject({ kind: "network", retryable: true })
    expect(error.message).toBe("jscode2session: no connection (ECONNREFUSED)")
    expect(error.cause).toEqual({ name: "Error", code: "ECONNREFUSED", syscall: "connect" })
  })
})

test("a connection that is not made in time is tried twice", async () => {
  const silence = await startSilence()
  open.push(silence)
  const error = await failure(callerTo(`https://127.0.0.1:${silence.port}`, { connectTimeoutMs: 60 }))
  expect(error).toMatchObject({ kind: "network", retryable: true })
  expect(error.message).toBe("jscode2session: no connection (UND_ERR_CONNECT_TIMEOUT)")
  expect(silence.connections()).toBe(2)
})

describe("a deadline", () => {
  test.each<[string, RequestListener]>([
    ["no answer", () => {}],
    [
      "an answer that trickles",
      (request, response) => {
        const drip = setInterval(() => response.write(" "), 10)
        request.socket.on("close", () => clearInterval(drip))
      },
    ],
  ])("ends %s, and the connection with it", async (_, answer) => {
    let end: () => void = () => {}
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    const { caller, server } = await serve(
      (request, response) => {
        request.socket.on("close", () => end())
        answer(request, response)
      },
      { timeoutMs: 150 },
    )
    const error = await failure(caller)
    expect(error).toMatchObject({ kind: "timeout", code: "wechat_unreachable", retryable: false })
    expect(error.message).toBe("jscode2session: no answer within 150 ms")
    await ended
    expect(server.asked).toHaveLength(1)
  })

  test("that passes while it connects keeps the request from being sent at all", async () => {
    const { caller, server } = await serve(
      (_, response) => response.setHeader("connection", "close").end(fine),
      {
        timeoutMs: 100,
      },
    )
    await caller.call(login)
    const late = failure(caller)
    for (let i = 0; i < 50; i += 1) await undefined
    // Standing still, so that the deadline and the connection are both due, the deadline first.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150)
    await expect(late).resolves.toMatchObject({ kind: "timeout", retryable: true })
    await caller.call(login)
    expect(server.asked).toHaveLength(2)
  })

  test("covers the second try as well", async () => {
    const { caller, server } = await serve(
      (_, response) => {
        if (server.asked.length === 1) setTimeout(() => response.end('{"errcode":-1}'), 300)
      },
      { timeoutMs: 600 },
    )
    const startedAt = performance.now()
    await expect(failure(caller)).resolves.toMatchObject({ kind: "timeout" })
    expect(performance.now() - startedAt).toBeLessThan(950)
    expect(server.asked).toHaveLength(2)
  })

  test("that leaves no time for a second try answers the first", async () => {
    let count = 0
    const fetch = async () => {
      count += 1
      return new Response('{"errcode":-1}')
    }
    const caller = callerTo("https://wechat.test", { fetch, timeoutMs: 90 })
    await expect(failure(caller)).resolves.toMatchObject({ errcode: -1 })
    expect(count).toBe(1)
  })
})

describe("too many calls at once", () => {
  test("wait for a connection as far as the line goes; what comes on top is told to come back", async () => {
    const answers: (() => void)[] = []
    const options = { poolSize: 1, maxConcurrent: 2 }
    const { caller, server } = await serve((_, response) => answers.push(() => response.end(fine)), options)
    const arrived = server.arrival()
    const first = caller.call(login)
    const second = caller.call(login)
    await expect(failure(caller)).resolves.toMatchObject({
      kind: "overload",
      code: "wechat_busy",
      retryAfter: 1,
    })
    await arrived
    expect(server.asked).toHaveLength(1)
    const next = server.arrival()
    answers[0]?.()
    await first
    await next
    answers[1]?.()
    await expect(second).resolves.toHaveProperty("json")
  })

  test("end by their deadline, and leave their places", async () => {
    const { caller } = await serve(() => {}, { poolSize: 1, maxConcurrent: 2, timeoutMs: 120 })
    const kinds = async () => (await Promise.all([failure(caller), failure(caller)])).map(({ kind }) => kind)
    expect(await kinds()).toEqual(["timeout", "timeout"])
    expect(await kinds()).toEqual(["timeout", "timeout"])
  })

  test("that ran out of time in our own line keep nobody else from a WeChat that answers", async () => {
    const answerSlowly = (response: ServerResponse) => setTimeout(() => response.end(fine), 60)
    const { caller } = await serve((_, response) => void answerSlowly(response), {
      poolSize: 1,
      maxConcurrent: 100,
      timeoutMs: 250,
    })
    const outcomes: Promise<string>[] = []
    for (let count = 0; count < 80; count += 1) {
      outcomes.push(
        caller.call(login).then(
          () => "fine",
          (error: WeChatError) => error.kind,
        ),
      )
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    const kinds = await Promise.all(outcomes)
    expect(kinds.filter(kind => kind === "timeout").length).toBeGreaterThan(20)
    expect(kinds).not.toContain("circuit_open")
    await expect(caller.call(login)).resolves.toHaveProperty("json")
  })
})

test("a caller that is closed waits for the calls under way and takes no more", async () => {
  const server: WeChatServer = await startServer((_, response) => setTimeout(() => response.end(fine), 50))
  open.push(server)
  const caller = callerTo(server.baseUrl)
  const arrived = server.arrival()
  const under = caller.call(login)
  await arrived
  await caller.close()
  await expect(under).resolves.toHaveProperty("json")
  await expect(failure(caller)).resolves.toMatchObject({ code: "wechat_unreachable" })
  expect(server.asked).toHaveLength(1)
})

describe("a fetch of one's own", () => {
  const refused = Object.assign(new Error("connect hush"), { code: "ECONNREFUSED", syscall: "connect" })
  const reset = Object.assign(new Error("read hush"), { code: "ECONNRESET", syscall: "read" })

  /** A caller whose fetch does these things one after another. */
  function fetching(...steps: ((request: Request) => Promise<Response>)[]) {
    let count = 0
    const fetch = (request: Request) => (steps[count++] ?? (async () => new Response(fine)))(request)
    return { caller: callerTo("https://wechat.test", { fetch, timeoutMs: 150 }), count: () => count }
  }
  const failing = (cause: Error) => () => Promise.reject(new TypeError("fetch failed", { cause }))

  test("is asked again after a refused connection, once", async () => {
    const once = fetching(failing(refused))
    await expect(once.caller.call(login)).resolves.toHaveProperty("json")
    const twice = fetching(failing(refused), failing(refused))
    await expect(failure(twice.caller)).resolves.toMatchObject({ kind: "network", retryable: true })
    expect([once.count(), twice.count()]).toEqual([2, 2])
  })

  test("is not asked again after a connection that broke", async () => {
    const { caller, count } = fetching(failing(reset))
    await expect(failure(caller)).resolves.toMatchObject({ kind: "network", retryable: false })
    expect(count()).toBe(1)
  })

  test("that ignores its signal is left behind", async () => {
    const { caller } = fetching(() => new Promise(() => {}))
    await expect(failure(caller)).resolves.toMatchObject({ kind: "timeout" })
  })

  test("whose body never ends is left behind", async () => {
    const { caller } = fetching(async () => new Response(new ReadableStream()))
    await expect(failure(caller)).resolves.toMatchObject({ kind: "timeout" })
  })

  test("may not answer without end either", async () => {
    const { caller } = fetching(async () => new Response(`{"a":"${"x".repeat(70_000)}"}`))
    await expect(failure(caller)).resolves.toMatchObject(badReply)
  })
})
