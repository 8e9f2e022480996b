import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { createBench, type Result, runCli } from "./run-cli.ts"

const bench = createBench()
afterAll(bench.close)

const appid = "wx0123456789abcdef"
const appSecret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
const secret = "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa"
const good = { WECHAT_APPID: appid, WECHAT_SECRET: appSecret, DENGLU_SECRET: secret }

type Env = Readonly<Record<string, string>>

const start = (env: Env, args: readonly string[] = [], cwd = bench.folder()) =>
  runCli(["start", "--port", "0", ...args], { cwd, env })

/** It ended with exit code 1 and words for a person, none of which is a secret. */
function expectRefusal({ code, stdout, stderr, output }: Result, ...planted: readonly string[]): void {
  expect(stdout).toBe("")
  expect(stderr).not.toBe("")
  expect(stderr).not.toContain("    at ")
  expect(stderr).not.toContain("unexpectedly")
  for (const value of [secret, appSecret, ...planted]) expect(output).not.toContain(value)
  expect(code).toBe(1)
}

describe("start without good settings", () => {
  test("names everything that is missing in one message, each with where to get it", async () => {
    const result = await start({})
    expectRefusal(result)
    expect(result.stderr).toContain("3 settings need your attention")
    expect(result.stderr).toMatch(/^ +✗ WECHAT_APPID is missing: .*mp\.weixin\.qq\.com/m)
    expect(result.stderr).toMatch(/^ +✗ WECHAT_SECRET is missing: .*AppSecret/m)
    expect(result.stderr).toMatch(/^ +✗ DENGLU_SECRET is missing: .*openssl rand -base64 32/m)
    expect(result.stderr).toContain("denglu dev")
  })

  test("says so in Chinese too", async () => {
    const result = await start({ LANG: "zh_CN.UTF-8" })
    expectRefusal(result)
    for (const name of ["WECHAT_APPID", "WECHAT_SECRET", "DENGLU_SECRET"])
      expect(result.stderr).toContain(`${name} 未设置`)
  })

  test("an empty or blank variable is as good as none", async () => {
    const result = await start({ WECHAT_APPID: "", WECHAT_SECRET: "  ", DENGLU_SECRET: " " })
    expectRefusal(result)
    expect(result.stderr.match(/ is missing/g)).toHaveLength(3)
  })

  test.each([
    { wrong: "is short", value: "hunter2-Xy9" },
    { wrong: "is one letter many times", value: "z".repeat(48) },
    { wrong: "is the example", value: "change-me-change-me-change-me-change-me" },
  ])("a DENGLU_SECRET that $wrong is refused, and told how to make one", async ({ value }) => {
    const result = await start({ ...good, DENGLU_SECRET: value })
    expectRefusal(result, value)
    expect(result.stderr).toMatch(/DENGLU_SECRET .*openssl rand -base64 32/)
    expect(result.stderr).not.toContain("WECHAT_")
  })

  test("of several secrets, the weak one is named by its number", async () => {
    const result = await start({ ...good, DENGLU_SECRET: `${secret},weakling-Q1` })
    expectRefusal(result, "weakling-Q1")
    expect(result.stderr).toContain("(number 2)")
  })

  test("a malformed appid is refused", async () => {
    const result = await start({ ...good, WECHAT_APPID: "gh_0123456789ab" })
    expectRefusal(result)
    expect(result.stderr).toMatch(/WECHAT_APPID is not an AppID/)
  })

  test("the appid of the simulated WeChat is refused", async () => {
    const result = await start({ ...good, WECHAT_APPID: "wxsim0000000000001" })
    expectRefusal(result)
    expect(result.stderr).toMatch(/WECHAT_APPID .*simulated WeChat.*`denglu dev`/)
  })

  test("a malformed AppSecret is refused and not repeated", async () => {
    const result = await start({ ...good, WECHAT_SECRET: "my app secret!!" })
    expectRefusal(result, "my app secret!!")
    expect(result.stderr).toMatch(/WECHAT_SECRET is not an AppSecret: 32 characters/)
  })

  test("the secrets of a wrong call are in no message, whatever else is wrong", async () => {
    const result = await start({ ...good, WECHAT_APPID: "", PORT: "x", LOG_LEVEL: "loud" }, ["--host", "?"])
    expectRefusal(result)
    for (const name of ["WECHAT_APPID", "--host", "LOG_LEVEL"]) expect(result.stderr).toContain(name)
  })

  test.each([
    { name: "WECHAT_PUSH_TOKEN", value: "not a token", says: "is not a Token" },
    { name: "WECHAT_PUSH_AES_KEY", value: "short", says: "is not an EncodingAESKey" },
  ])("a wrong $name is refused and not repeated", async ({ name, value, says }) => {
    const push = { WECHAT_PUSH_TOKEN: "token", WECHAT_PUSH_AES_KEY: "A".repeat(43) }
    const result = await start({ ...good, ...push, [name]: value })
    expectRefusal(result, value)
    expect(result.stderr).toContain(`✗ ${name} ${says}`)
    expect(result.stderr.match(/✗/g)).toHaveLength(1)
  })

  test("the key of a push without its token is asked for the token", async () => {
    const result = await start({ ...good, WECHAT_PUSH_AES_KEY: "A".repeat(43) })
    expectRefusal(result, "A".repeat(43))
    expect(result.stderr).toMatch(/✗ WECHAT_PUSH_TOKEN is missing: .*消息推送/)
  })

  test.each([
    { typed: "WX_APPID", meant: "WECHAT_APPID", value: appid },
    { typed: "WECHAT_APP_ID", meant: "WECHAT_APPID", value: appid },
    { typed: "WECHAT_SECERT", meant: "WECHAT_SECRET", value: appSecret },
    { typed: "DENGLU_SECERT", meant: "DENGLU_SECRET", value: secret },
  ])("$typed is taken for a slip of $meant, and its value not shown", async ({ typed, meant, value }) => {
    const { [meant as keyof typeof good]: _, ...others } = good
    const result = await start({ ...others, [typed]: value })
    expectRefusal(result, value)
    expect(result.stderr).toContain(`${meant} is missing (${typed} is set: a slip?)`)
  })

  test.each([
    { name: "PORT", value: "99999" },
    { name: "LOG_LEVEL", value: "loud" },
    { name: "DENGLU_BASE_PATH", value: "auth login" },
    { name: "DENGLU_TRUSTED_PROXIES", value: "everyone" },
    { name: "DENGLU_CLOUD_HOSTING", value: "maybe" },
    { name: "DENGLU_PASSWORDS", value: "maybe" },
    { name: "DENGLU_STORE", value: "oracle://localhost/login" },
    { name: "DENGLU_STORE", value: "login.db" },
  ])("a wrong $name=$value is refused by its name", async ({ name, value }) => {
    const result = await runCli(["start"], {
      cwd: bench.folder(),
      env: { ...good, PORT: "0", [name]: value },
    })
    expectRefusal(result)
    expect(result.stderr).toContain(`✗ ${name} `)
  })

  test("a store below something that is no folder is refused with its reason", async () => {
    const cwd = bench.folder()
    writeFileSync(join(cwd, "file"), "")
    const result = await start({ ...good, DENGLU_STORE: "sqlite:./file/login.db" }, [], cwd)
    expectRefusal(result)
    expect(result.stderr).toMatch(/The store can't be opened\. .+/)
  })
})

test.each(["@node-rs/argon2", "@zxcvbn-ts/language-common"])(
  "passwords without %s: start and doctor both name what to install",
  async lacking => {
    const lack = `import node from "node:module"
      const resolve = node._resolveFilename
      node._resolveFilename = (name, ...rest) => {
        if (name === "${lacking}") throw new Error("it is not installed")
        return resolve(name, ...rest)
      }`
    const importing = `--import=data:text/javascript,${encodeURIComponent(lack)}`
    // Without an app, doctor asks nobody.
    const env = {
      NODE_OPTIONS: importing,
      DENGLU_SECRET: secret,
      DENGLU_STORE: "memory:",
      DENGLU_PASSWORDS: "on",
    }
    const says =
      "✗ DENGLU_PASSWORDS needs two packages: npm install @node-rs/argon2 @zxcvbn-ts/language-common"
    const started = await start(env)
    expectRefusal(started)
    expect(started.stderr).toContain(says)
    expect((await runCli(["doctor"], { cwd: bench.folder(), env })).stdout).toContain(says)
  },
)

test("doctor makes no database: a SQLite file that is not there is named with its path, and stays away", async () => {
  const cwd = bench.folder()
  // Without an app, doctor asks nobody.
  const env = { DENGLU_SECRET: secret, DENGLU_STORE: "sqlite:./nowhere/login.db" }
  const { stdout } = await runCli(["doctor"], { cwd, env })
  expect(stdout).toContain(`✓ store none yet: the first start makes ${join(cwd, "nowhere", "login.db")}.`)
  expect(existsSync(join(cwd, "nowhere"))).toBe(false)
})

describe("the configuration file", () => {
  const write = (name: string, text: string) => {
    const cwd = bench.folder()
    writeFileSync(join(cwd, name), text)
    return cwd
  }
  const apps = `apps: [{ appid: "${appid}", secret: "${appSecret}" }]`

  test.each([
    { name: "denglu.config.mjs", text: `export default { ${apps}, secret: "${secret}", port: 0 }` },
    {
      name: "denglu.config.ts",
      text: `const port: number = 0\nexport default { ${apps}, secret: "${secret}", port }`,
    },
  ])("$name is read without being asked for", async ({ name, text }) => {
    const cwd = write(name, text)
    const server = bench.start(["start"], { cwd })
    await server.printed(/listening on/)
    const { code, output } = await server.end()
    expect(code).toBe(0)
    for (const value of [secret, appSecret]) expect(output).not.toContain(value)
  })

  test("--config names another; the environment goes over the file, flags over both", async () => {
    const cwd = write("other.mjs", `export default { ${apps}, secret: "weak", port: 1, host: "?" }`)
    const where = { cwd, env: { DENGLU_SECRET: secret, PORT: "2" } }
    const server = bench.start(
      ["start", "--config", "other.mjs", "--port", "0", "--host", "127.0.0.1"],
      where,
    )
    await server.printed(/listening on http:\/\/127\.0\.0\.1:\d{4,}/)
    expect((await server.end()).code).toBe(0)
  })

  test.each([
    {
      rule: "a setting that doesn't exist is named, with the one that was meant",
      text: `export default { ${apps}, secret: "${secret}", stor: "memory:" }`,
      says: "stor (did you mean store?)",
    },
    {
      rule: "a simulated WeChat is refused",
      text: `export default { ${apps}, secret: "${secret}", wechat: { simulator: "http://127.0.0.1:3001" } }`,
      says: "wechat in denglu.config.mjs names a simulated WeChat",
    },
    {
      rule: "a file without a default export is told what to write",
      text: "export const apps = []",
      says: "denglu.config.mjs must say: export default {",
    },
    {
      rule: "a file that can't be loaded is named",
      text: "export default {",
      says: "denglu.config.mjs can't be loaded. SyntaxError",
    },
    {
      rule: "a wrong list of apps is named",
      text: `export default { apps: [{ appid: "wx1", secret: "${appSecret}" }], secret: "${secret}" }`,
      says: "✗ apps in denglu.config.mjs ",
    },
    {
      rule: "a weak secret is named with its file",
      text: `export default { ${apps}, secret: "weakling-Q1" }`,
      says: "✗ secret in denglu.config.mjs ",
    },
  ])("$rule", async ({ text, says }) => {
    const result = await start({}, [], write("denglu.config.mjs", text))
    expectRefusal(result, "weakling-Q1")
    expect(result.stderr).toContain(says)
  })

  const simulated = `apps: [{ appid: "wxsim0000000000001", secret: "${appSecret}" }], secret: "${secret}"`
  test.each([
    {
      has: "an appid and wechat.simulator",
      text: `${simulated}, wechat: { simulator: "http://127.0.0.1:3001" }`,
    },
    { has: "an appid", text: simulated },
    { has: "a platform's appid", text: `${simulated.replace("apps", "platforms")}` },
    { has: "wechat.baseUrl", text: `${simulated}, wechat: { baseUrl: "http://localhost:3001" }` },
  ])(
    "who has $has of a simulated WeChat is told once where there is one, and nothing that is refused",
    async ({ text }) => {
      const cwd = write("denglu.config.mjs", `export default { ${text}, store: "memory:" }`)
      const started = await start({}, [], cwd)
      expectRefusal(started)
      const doctor = await runCli(["doctor"], { cwd })
      const chinese = await start({ LANG: "zh_CN.UTF-8" }, [], cwd)
      for (const { output } of [started, doctor]) {
        expect(output).toContain("wxsim0000000000001 belongs to a simulated WeChat: a real appid is needed")
        expect(output.match(/createLogin in a program of your own.*postgres:/g)).toHaveLength(1)
        expect(output.match(/simulator: "|say wechat\.simulator|write wechat/g)).toBe(null)
        expect(output.match(/✗ wechat in denglu\.config\.mjs/g)?.length).toBe(
          text.includes("wechat:") ? 1 : undefined,
        )
      }
      expect(chinese.stderr).toMatch(
        /wxsim0000000000001 属于模拟微信：需要真实的 appid.*createLogin.*postgres:/,
      )
    },
  )

  test("a file that was asked for and isn't there is named", async () => {
    const result = await start(good, ["--config", "nowhere.mjs"])
    expectRefusal(result)
    expect(result.stderr).toContain("There is no file nowhere.mjs (--config).")
  })
})

describe("SMS", () => {
  const keys = { SMS_KEY_ID: "AKIDexample", SMS_KEY_SECRET: "h6Jd83kQsecret", SMS_SIGN_NAME: "示例商城" }

  test("needs all that its provider needs, and says what is missing", async () => {
    const unknown = await start({ ...good, DENGLU_SMS: "pigeon" })
    expectRefusal(unknown)
    expect(unknown.stderr).toContain("DENGLU_SMS may be tencent or aliyun")
    const lacking = await start({ ...good, ...keys, DENGLU_SMS: "tencent" })
    expectRefusal(lacking, keys.SMS_KEY_SECRET)
    expect(lacking.stderr).toContain("DENGLU_SMS=tencent needs SMS_APP_ID, SMS_TEMPLATE too")
    const wrong = await start({
      ...good,
      ...keys,
      SMS_TEMPLATE: "SMS_1",
      DENGLU_SMS: "aliyun",
      DENGLU_SMS_COUNTRIES: "China",
    })
    expectRefusal(wrong, keys.SMS_KEY_SECRET)
    expect(wrong.stderr).toMatch(/DENGLU_SMS .*sms\.countries/)
  })

  test("is never shown in the terminal of a server that is meant", async () => {
    const cwd = bench.folder()
    const sender = new URL("../../src/sms-senders/console-sender.ts", import.meta.url).href
    writeFileSync(
      join(cwd, "denglu.config.mjs"),
      `import { consoleSender } from "${sender}?another-copy"\nexport default { sms: { send: consoleSender() } }\n`,
    )
    const result = await start({ ...good, DENGLU_STORE: "memory:" }, [], cwd)
    expectRefusal(result)
    expect(result.stderr).toMatch(/sms in denglu\.config\.mjs .*consoleSender/)
  })
})
