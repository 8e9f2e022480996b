import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readEncrypted, readPushFields } from "../../src/wechat/push-fields.ts"
import { asXml, userPush } from "../support/push.ts"

const fields = userPush("user_authorization_revoke", "o1", 1_714_112_445_000, { RevokeInfo: "6" })

test("JSON and XML say the same", async () => {
  const json = await readPushFields(JSON.stringify(fields))
  const xml = await readPushFields(asXml(fields))
  const texts = (of: ReadonlyMap<string, unknown> | undefined) =>
    Object.fromEntries([...(of ?? [])].map(([name, value]) => [name, String(value)]))
  expect(texts(json)).toEqual(texts(new Map(Object.entries(fields))))
  expect(texts(xml)).toEqual(texts(json))
  expect(texts(await readPushFields(`<?xml version="1.0" encoding="UTF-8"?>${asXml(fields)}`))).toEqual(
    texts(json),
  )
  expect(texts(await readPushFields(`\uFEFF  ${JSON.stringify(fields)}`))).toEqual(texts(json))
})

test("names are trimmed, as WeChat's samples need it, and what stands twice is refused", async () => {
  expect((await readPushFields('{" OpenID":"o1"}'))?.get("OpenID")).toBe("o1")
  expect(await readPushFields('{" OpenID":"o1","OpenID":"o2"}')).toBeUndefined()
})

test("names that JavaScript gives a meaning are names like others", async () => {
  const json = await readPushFields('{"__proto__":{"polluted":1},"constructor":"x","MsgType":"event"}')
  expect(json?.get("MsgType")).toBe("event")
  await readPushFields("<xml><__proto__><polluted>1</polluted></__proto__><MsgType>event</MsgType></xml>")
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test("what is in CDATA is text, whatever it looks like", async () => {
  const text = '<!DOCTYPE x [<!ENTITY a "b">]>&a;&lt;<OpenID>o2</OpenID>'
  const read = await readPushFields(
    `<xml><MsgType>text</MsgType><Content><![CDATA[${text}]]></Content></xml>`,
  )
  expect(read?.get("Content")).toBe(text)
  expect(read?.has("OpenID")).toBe(false)
})

const laughs = Array.from(
  { length: 9 },
  (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
)

describe("XML that could do harm is refused", () => {
  test.each([
    [
      "an external entity",
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><MsgType>&f;</MsgType></xml>',
    ],
    ["an external DTD", '<!DOCTYPE xml SYSTEM "http://127.0.0.1:1/x.dtd"><xml><MsgType>a</MsgType></xml>'],
    ["a parameter entity", '<!DOCTYPE x [<!ENTITY % p "a"> %p;]><xml><MsgType>a</MsgType></xml>'],
    [
      "a billion laughs",
      `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs.join("")}]><xml><MsgType>&l9;</MsgType></xml>`,
    ],
    ["a doctype inside", "<xml><!DOCTYPE x><MsgType>a</MsgType></xml>"],
    ["a doctype in small letters", "<!doctype x><xml><MsgType>a</MsgType></xml>"],
    ["a comment", "<xml><!-- --><MsgType>a</MsgType></xml>"],
    ["a processing instruction", "<xml><?php x ?><MsgType>a</MsgType></xml>"],
    ["a style sheet", '<?xml-stylesheet href="http://127.0.0.1:1/"?><xml><MsgType>a</MsgType></xml>'],
    ["CDATA without an end", "<xml><MsgType><![CDATA[a</MsgType></xml>"],
    ["a tag without an end", "<xml><MsgType>a</xml>"],
    ["another root", "<html><MsgType>a</MsgType></html>"],
    ["two roots", "<xml><MsgType>a</MsgType></xml><xml><MsgType>b</MsgType></xml>"],
    ["nothing in it", "<xml></xml>"],
    ["no markup", "<"],
    ["a depth of 17", `<xml>${"<a>".repeat(17)}${"</a>".repeat(17)}</xml>`],
    ["a depth of 20,000", `<xml>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</xml>`],
  ])("%s", async (_name, text) => {
    expect(await readPushFields(text)).toBeUndefined()
  })

  test("an entity nobody declared stays as it is", async () => {
    const read = await readPushFields("<xml><MsgType>&f;&#65;&lt;</MsgType></xml>")
    expect(read?.get("MsgType")).toBe("&f;&#65;&lt;")
  })
})

describe("JSON that is none, or too deep, is refused", () => {
  test.each([
    ["nothing", ""],
    ["a list", '[{"MsgType":"event"}]'],
    ["a text", '"event"'],
    ["half of it", '{"MsgType":"ev'],
    ["a depth of 17", `{"a":${"[".repeat(16)}${"]".repeat(16)}}`],
    ["a depth of 30,000", `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
    ["brackets behind an escaped quote", `{"a":"\\"","b":${"[".repeat(17)}${"]".repeat(17)}}`],
  ])("%s", async (_name, text) => {
    expect(await readPushFields(text)).toBeUndefined()
  })

  test("brackets in texts are no depth", async () => {
    expect((await readPushFields(`{"a":"\\"${"[{".repeat(100)}"}`))?.get("a")).toBe(`"${"[{".repeat(100)}`)
  })
})

test("what is encrypted is found in JSON and XML", () => {
  expect(readEncrypted('{"ToUserName":"gh_","Encrypt":"AA=="}')).toBe("AA==")
  expect(readEncrypted(asXml({ ToUserName: "gh_", Encrypt: "AA==" }))).toBe("AA==")
  expect(readEncrypted("<xml><Encrypt>AA==</Encrypt></xml>")).toBe("AA==")
  for (const none of [
    "",
    "{}",
    "[]",
    "null",
    "<xml/>",
    '{"Encrypt":1}',
    "<xml><Encrypt><![CDATA[<]]></Encrypt></xml>",
  ])
    expect(readEncrypted(none)).toBeUndefined()
})

test("64 kB of whatever is slow to read take no time", async () => {
  const size = 65_536
  const slow = [
    '"'.repeat(size),
    `{"a":"${'\\"'.repeat(size / 2)}`,
    `{${'"a'.repeat(size / 2)}`,
    `<Encrypt>${" ".repeat(size)}`,
    "<Encrypt>".repeat(size / 9),
    `<Encrypt>${"A".repeat(size)}`,
    `<xml>${"<![CDATA[".repeat(size / 9)}`,
    `<xml>${"<![CDATA[]]>".repeat(size / 12)}</xml>`,
    `<xml>${"<a>1</a>".repeat(size / 8)}</xml>`,
    `<xml>${"<a ".repeat(size / 3)}`,
    `<xml ${'a="b" '.repeat(size / 6)}></xml>`,
    `<xml>${"&".repeat(size)}</xml>`,
    `<${"a".repeat(size)}`,
    `<?xml ${" ".repeat(size)}`,
    " ".repeat(size),
  ]
  for (const text of slow) {
    const startedAt = performance.now()
    readEncrypted(text)
    await readPushFields(text)
    expect.soft(performance.now() - startedAt, text.slice(0, 20)).toBeLessThan(500)
  }
})

test("no text makes reading throw", async () => {
  const markup = fc.constantFrom(
    "<xml>",
    "</xml>",
    "<a>",
    "</a>",
    "<![CDATA[",
    "]]>",
    "<!",
    "<?",
    "&",
    '{"',
    '":',
    "}",
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(markup, fc.string({ maxLength: 5 }))).map(all => all.join("")),
  )
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom("", "{", "<xml>"), async (text, first) => {
      readEncrypted(first + text)
      const read = await readPushFields(first + text)
      expect(read === undefined || read instanceof Map).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})
